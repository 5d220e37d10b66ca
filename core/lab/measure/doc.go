// Package measure turns what was seen of a program into figures: times, bytes, processor, memory and how like two pictures
// are; the median of several runs; the table for people and the list for programs.
//
// Everything here is pure but the functions that ask the system about a process, and may be used from several goroutines.
package measure
