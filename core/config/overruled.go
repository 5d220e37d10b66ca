package config

// Overruled is an attribute that something else goes before, so that its value has no effect.
type Overruled struct {
	Kinds     Path   `json:"kinds"` // of the elements that have it
	Attribute string `json:"attribute"`
	By        string `json:"by"` // an option of the command line: "--port"
}
