VALUE = 'odd'
