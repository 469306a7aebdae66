VALUE = "pier"
