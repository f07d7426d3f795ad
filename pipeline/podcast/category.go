package podcast

import (
	"html"
	"slices"
	"strings"
)

// Category is one of Apple's, by which directories sort shows.
type Category struct {
	Name string
	Sub  string // empty for the whole category
}

func (c Category) String() string {
	if c.Sub == "" {
		return c.Name
	}
	return c.Name + "/" + c.Sub
}

// ParseCategory reads a category as a show's file has it: "Technology", or
// "Society & Culture/Philosophy". Capitals and the spaces around the slash do
// not matter.
func ParseCategory(s string) (Category, bool) {
	plain := func(s string) string {
		return strings.ToLower(strings.Join(strings.Fields(html.UnescapeString(s)), " "))
	}
	name, sub, _ := strings.Cut(s, "/")
	for _, c := range categories {
		if plain(c.name) != plain(name) {
			continue
		}
		if strings.TrimSpace(sub) == "" {
			return Category{Name: c.name}, true
		}
		i := slices.IndexFunc(c.subs, func(known string) bool { return plain(known) == plain(sub) })
		if i < 0 {
			return Category{}, false
		}
		return Category{c.name, c.subs[i]}, true
	}
	return Category{}, false
}

// Categories are all there are, as a show's file names them.
func Categories() []string {
	var out []string
	for _, c := range categories {
		out = append(out, c.name)
		for _, sub := range c.subs {
			out = append(out, c.name+"/"+sub)
		}
	}
	return out
}

// categories are those of Apple Podcasts, of 2019 and since ("Apple Podcasts
// categories", podcasters.apple.com/support/1691).
var categories = []struct {
	name string
	subs []string
}{
	{"Arts", []string{"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"}},
	{"Business", []string{"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"}},
	{"Comedy", []string{"Comedy Interviews", "Improv", "Stand-Up"}},
	{"Education", []string{"Courses", "How To", "Language Learning", "Self-Improvement"}},
	{"Fiction", []string{"Comedy Fiction", "Drama", "Science Fiction"}},
	{"Government", nil},
	{"Health & Fitness", []string{"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"}},
	{"History", nil},
	{"Kids & Family", []string{"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"}},
	{"Leisure", []string{"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"}},
	{"Music", []string{"Music Commentary", "Music History", "Music Interviews"}},
	{"News", []string{"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"}},
	{"Religion & Spirituality", []string{"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"}},
	{"Science", []string{
		"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics", "Social Sciences",
	}},
	{"Society & Culture", []string{"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"}},
	{"Sports", []string{
		"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming",
		"Tennis", "Volleyball", "Wilderness", "Wrestling",
	}},
	{"Technology", nil},
	{"True Crime", nil},
	{"TV & Film", []string{"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"}},
}
