//go:build !race

package capture_test

// racing says that the race detector is there: everything takes many times as long.
const racing = false
