IS = "unlisted"
