package publish

import (
	"io/fs"
	"os"
	"path/filepath"
)

// ArticleName is the file in an episode's folder of its text as a page shows
// it, without what depends on times. It is not published; the manifest names it
// apart from its files.
const ArticleName = "article.html"

// WriteArticle puts an article into dir.
func WriteArticle(dir string, article []byte) (File, error) {
	return WriteFile(filepath.Join(dir, ArticleName), article)
}

// ReadArticle reads the article of the episode in dir. It is an error where it
// is not the one that the manifest names, which must name one.
func ReadArticle(dir string, m *Manifest) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &readError{dir, err}
	}
	defer root.Close()
	if err := verify(root, *m.Article); err != nil {
		err.Dir, err.File = dir, m.Article.Name
		return nil, err
	}
	b, err := fs.ReadFile(root.FS(), m.Article.Name)
	if err != nil {
		return nil, &readError{filepath.Join(dir, m.Article.Name), err}
	}
	return b, nil
}
