package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/script"
)

// ScriptName is the file in an episode's folder of what is spoken in it: a
// plan, from which the episode can be put together anew. It is not published;
// the manifest names it apart from its files.
const ScriptName = "script.json"

// ErrNoScript is a manifest that names no script: an older program made it.
var ErrNoScript = errors.New("its folder does not hold what is spoken in it")

// WriteScript puts a script into dir.
func WriteScript(dir string, sc *script.Script) (File, error) {
	name := filepath.Join(dir, ScriptName)
	var b bytes.Buffer
	if err := script.Encode(&b, sc, script.JSON); err != nil {
		return File{}, writeError(name, err)
	}
	return WriteFile(name, b.Bytes())
}

// ReadScript reads the script of the episode in dir. It is an error where it is
// not the one that the manifest names, and ErrNoScript where it names none.
func ReadScript(dir string, m *Manifest) (*script.Script, error) {
	if m.Script == nil {
		return nil, ErrNoScript
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &readError{dir, err}
	}
	defer root.Close()
	if err := verify(root, *m.Script); err != nil {
		err.Dir, err.File = dir, m.Script.Name
		return nil, err
	}
	b, err := fs.ReadFile(root.FS(), m.Script.Name)
	if err != nil {
		return nil, &readError{filepath.Join(dir, m.Script.Name), err}
	}
	sc, err := script.Decode(filepath.Join(dir, m.Script.Name), bytes.NewReader(b))
	if err == nil && sc.Len() != len(m.Takes) {
		err = fmt.Errorf("%s: %d segments, and the manifest names %d takes: produce the episode again",
			filepath.Join(dir, m.Script.Name), sc.Len(), len(m.Takes))
	}
	return sc, err
}
