SIZE = "größe"
