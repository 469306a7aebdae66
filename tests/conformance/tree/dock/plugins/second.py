PLUGIN = "second"
