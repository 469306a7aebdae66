NAME = 'fancy'
