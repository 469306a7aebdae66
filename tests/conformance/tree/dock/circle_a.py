from dock.circle_b import NAME_B

NAME_A = "a"
