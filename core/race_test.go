//go:build race

package core_test

// racing says that the race detector is there: everything takes many times as long.
const racing = true
