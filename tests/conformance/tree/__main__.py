from observing import main

main()
