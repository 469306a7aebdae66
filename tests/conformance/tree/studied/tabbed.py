def first():
	if True:
		return 1


def fail():
	if True:
		raise ValueError(	"tabs"	)
