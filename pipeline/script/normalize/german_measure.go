package normalize

import "strings"

// unitAt reads a unit behind a number.
func (g *german) unitAt(s string, i int) (u germanUnit, to int, ok bool) {
	j := i + space(s, i)
	for n := min(9, len(s)-j); n > 0; n-- {
		u, ok = g.units[s[j:j+n]]
		if ok && (closed(s, j+n) || s[j+n-1] == '%') {
			return u, j + n, true
		}
	}
	return germanUnit{}, i, false
}

// measure reads numbers with units: "5 km/h", "20 %", "3 °C".
func (g *german) measure(s string, i int) (Reading, bool) {
	n, ok := scanGerman(s, i)
	if !ok || !open(s, i) {
		return Reading{}, false
	}
	u, to, ok := g.unitAt(s, n.to)
	if !ok {
		return Reading{}, false
	}
	rule := "measure"
	if u.one == "Prozent" {
		rule = "percent"
	}
	if n.whole == "1" && n.frac == "" {
		one := "ein "
		if u.feminine {
			one = "eine "
		}
		return Reading{to, one + u.one, rule}, true
	}
	return Reading{to, g.say(n) + " " + u.many, rule}, true
}

// number reads a number whose words do not depend on what it counts. "1 Haus"
// does; so do points that may end a sentence or make an ordinal.
func (g *german) number(s string, i int) (Reading, bool) {
	n, ok := scanGerman(s, i)
	if !ok || !open(s, i) || !closed(s, n.to) || strings.ContainsRune(":/-–_", runeBefore(s, i)) ||
		at(s, i-1) == '.' && !alpha(at(s, i-2)) {
		return Reading{}, false
	}
	if c := at(s, n.to); c != 0 && strings.IndexByte(" \n,;!?)\"'", c) < 0 && !(c == '.' && ends(s, n.to) && (n.frac != "" || len(n.whole) > 2)) {
		return Reading{}, false
	}
	if at(s, n.to) == ',' && digit(at(s, n.to+1)) || space(s, n.to) > 0 && digit(at(s, n.to+1)) || len(n.whole) > mostGerman {
		return Reading{}, false
	}
	if last := n.whole[max(0, len(n.whole)-2):]; n.frac == "" && (last == "1" || last == "01") {
		return Reading{}, false
	}
	if prev := runeBefore(s, i-b2i(at(s, i-1) == ' ')); at(s, i-1) == ' ' && prev >= '0' && prev <= '9' {
		return Reading{}, false
	}
	if n.frac == "" && !n.grouped && len(n.whole) == 4 && (g.yearly[strings.ToLower(before(s, i))] || n.whole[0] == '1') && n.whole > "1099" && n.whole < "2100" {
		return Reading{n.to, g.year(n.whole), "year"}, true
	}
	if len(n.whole) > 1 && n.whole[0] == '0' || !n.grouped && len(n.whole) > 6 {
		return Reading{}, false // a code
	}
	rule := "cardinal"
	if n.frac != "" {
		rule = "decimal"
	}
	return Reading{n.to, g.say(n), rule}, true
}

// germanUnits gives symbols, the unit, its plural where it differs, and an f
// where it is feminine.
func germanUnits() map[string]germanUnit {
	units := map[string]germanUnit{}
	for key, value := range table(germanUnitLines) {
		f := strings.Split(value, "|")
		u := germanUnit{one: f[0], many: f[0]}
		if len(f) > 1 {
			u.many = f[1]
		}
		u.feminine = len(f) > 2
		units[key] = u
	}
	return units
}

// germanUnitLines: symbols of the SI as in units.go.
const germanUnitLines = `km Kilometer
	m Meter
	cm Zentimeter
	mm Millimeter
	µm Mikrometer
	nm Nanometer
	km² Quadratkilometer
	m² Quadratmeter
	cm² Quadratzentimeter
	m³ Kubikmeter
	cm³ Kubikzentimeter
	ha Hektar
	km/h Kilometer pro Stunde
	m/s Meter pro Sekunde
	kg Kilogramm
	g Gramm
	mg Milligramm
	µg Mikrogramm
	t Tonne|Tonnen|f
	l Liter
	L Liter
	ml Milliliter
	hl Hektoliter
	h Stunde|Stunden|f
	Std. Stunde|Stunden|f
	min Minute|Minuten|f
	Min. Minute|Minuten|f
	s Sekunde|Sekunden|f
	Sek. Sekunde|Sekunden|f
	ms Millisekunde|Millisekunden|f
	% Prozent
	‰ Promille
	° Grad
	°C Grad Celsius
	°F Grad Fahrenheit
	W Watt
	kW Kilowatt
	MW Megawatt
	GW Gigawatt
	kWh Kilowattstunde|Kilowattstunden|f
	MWh Megawattstunde|Megawattstunden|f
	V Volt
	Hz Hertz
	kHz Kilohertz
	MHz Megahertz
	GHz Gigahertz
	kB Kilobyte
	MB Megabyte
	GB Gigabyte
	TB Terabyte
	dB Dezibel
	PS PS
	kcal Kilokalorie|Kilokalorien|f
	Pa Pascal
	hPa Hektopascal
	bar Bar`

// germanShortLines are short forms whose stop tells them from words.
const germanShortLines = `usw und so weiter
	bzw beziehungsweise
	etc et cetera
	ca circa
	vgl vergleiche
	evtl eventuell
	ggf gegebenenfalls
	inkl inklusive
	exkl exklusive
	bspw beispielsweise
	zzgl zuzüglich
	abzgl abzüglich
	mind mindestens
	Dr Doktor
	Prof Professor
	St Sankt
	Hr Herr
	Fr Frau`

// germanNumberLines are short forms that stand before a number.
const germanNumberLines = `Nr Nummer
	S Seite
	Bd Band
	Kap Kapitel
	Abb Abbildung
	Tab Tabelle
	Art Artikel
	Abs Absatz
	Tel Telefon
	ca circa
	Jg Jahrgang`

// germanInnerLines are short forms of several words, without their spaces.
const germanInnerLines = `z.B. zum Beispiel
	Z.B. Zum Beispiel
	d.h. das heißt
	D.h. Das heißt
	u.a. unter anderem
	z.T. zum Teil
	i.d.R. in der Regel
	u.U. unter Umständen
	u.v.m. und vieles mehr
	v.a. vor allem
	n.Chr. nach Christus
	v.Chr. vor Christus
	m.E. meines Erachtens
	i.Allg. im Allgemeinen`
