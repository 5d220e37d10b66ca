package spy

import (
	"os"
	"path/filepath"
)

// servicePlaces are where the service of this computer logs, as patterns.
func servicePlaces() []string {
	folder := filepath.Join(os.Getenv("ProgramData"), "Impero", "logs")
	return []string{filepath.Join(folder, "*.log"), filepath.Join(folder, "*.nlg")}
}
