// Package bench measures Impero and the programs it is compared with side by side: the same loads on the same machine in
// the same run, one program after the other, several times over. apps/bench is its command line.
//
// A Bench is used by one goroutine. All that it starts ends with it.
package bench
