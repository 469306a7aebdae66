STYLE = 'old'
