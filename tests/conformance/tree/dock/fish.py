FISH = True
