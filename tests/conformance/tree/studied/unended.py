def first():
    return 1

def fail(): raise ValueError("no newline")