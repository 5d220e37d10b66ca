// Package spy reads the logs of the suite for a person: debug logs and event logs as one kind of line ([Entry]), with filters, as
// they grow and through their rotation ([Read]); it knows where logs are ([Known]) and packs what support needs ([WriteBundle]).
//
// What it reads may have been written by anybody: lines are bounded, and what could steer a terminal is escaped. Functions are
// safe for concurrent use.
package spy
