import dock.alpha.beneath
