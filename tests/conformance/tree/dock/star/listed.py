IS = "listed"
