from dock import nothing_here
