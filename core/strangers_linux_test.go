package core_test

// halfOpenMost is what a connection whose hello is not whole may cost, both ends together, in KiB.
const halfOpenMost = 32
