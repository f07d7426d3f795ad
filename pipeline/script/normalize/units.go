package normalize

import "strings"

// unitLines give a symbol, the unit, and its plural where it is not the
// unit's name with an s. Symbols of the SI: BIPM, The International System of
// Units, 9th edition, tables 2 to 8.
const unitLines = `km kilometer
	m meter
	cm centimeter
	mm millimeter
	dm decimeter
	µm micrometer
	μm micrometer
	nm nanometer
	mi mile
	yd yard
	yds yard
	ft foot|feet
	in inch|inches
	kg kilogram
	kgs kilogram
	g gram
	mg milligram
	µg microgram
	μg microgram
	mcg microgram
	lb pound
	lbs pound
	oz ounce
	t ton
	l liter
	L liter
	ml milliliter
	mL milliliter
	cl centiliter
	dl deciliter
	dL deciliter
	gal gallon
	qt quart
	pt point
	pts point
	tbsp tablespoon
	tsp teaspoon
	floz fluid ounce
	cc C C|C C
	ha hectare
	h hour
	hr hour
	hrs hour
	min minute
	mins minute
	s second
	sec second
	secs second
	ms millisecond
	µs microsecond
	μs microsecond
	ns nanosecond
	yr year
	yrs year
	mo month
	mos month
	wk week
	wks week
	d day
	mph mile per hour|miles per hour
	kph kilometer per hour|kilometers per hour
	kmh kilometer per hour|kilometers per hour
	rpm revolution per minute|revolutions per minute
	bpm beat per minute|beats per minute
	fps frame per second|frames per second
	dpi dot per inch|dots per inch
	mpg mile per gallon|miles per gallon
	ppm part per million|parts per million
	ppb part per billion|parts per billion
	wpm word per minute|words per minute
	psi pound per square inch|pounds per square inch
	sqft square foot|square feet
	Hz hertz|hertz
	kHz kilohertz|kilohertz
	KHz kilohertz|kilohertz
	MHz megahertz|megahertz
	GHz gigahertz|gigahertz
	Ghz gigahertz|gigahertz
	Mhz megahertz|megahertz
	Khz kilohertz|kilohertz
	THz terahertz|terahertz
	W watt
	mW milliwatt
	kW kilowatt
	MW megawatt
	GW gigawatt
	TW terawatt
	Wh watt hour
	kWh kilowatt hour
	kwh kilowatt hour
	MWh megawatt hour
	GWh gigawatt hour
	TWh terawatt hour
	V volt
	mV millivolt
	kV kilovolt
	A ampere
	mA milliampere
	mAh milliampere hour
	Ah ampere hour
	J joule
	kJ kilojoule
	MJ megajoule
	N newton
	kN kilonewton
	Nm newton meter
	Pa pascal
	hPa hectopascal
	kPa kilopascal
	MPa megapascal
	bar bar|bar
	mbar millibar|millibar
	atm atmosphere
	cal calorie
	kcal kilocalorie
	eV electron volt
	keV kiloelectron volt
	MeV megaelectron volt
	GeV gigaelectron volt
	K kelvin|kelvin
	°C degree Celsius|degrees Celsius
	°F degree Fahrenheit|degrees Fahrenheit
	°K degree Kelvin|degrees Kelvin
	ºC degree Celsius|degrees Celsius
	ºF degree Fahrenheit|degrees Fahrenheit
	° degree
	dB decibel
	dBA decibel
	dBm decibel milliwatt
	bps basis point
	pp percentage point
	kbps kilobit per second|kilobits per second
	Kbps kilobit per second|kilobits per second
	mbps megabit per second|megabits per second
	Mbps megabit per second|megabits per second
	gbps gigabit per second|gigabits per second
	Gbps gigabit per second|gigabits per second
	Mb megabit
	Gb gigabit
	Kb kilobit
	kb kilobit
	kB kilobyte
	KB kilobyte
	MB megabyte
	mb megabyte
	GB gigabyte
	gb gigabyte
	TB terabyte
	tb terabyte
	PB petabyte
	EB exabyte
	KiB kibibyte
	MiB mebibyte
	GiB gibibyte
	TiB tebibyte
	px pixel
	MP megapixel
	mol mole
	mmol millimole
	lx lux|lux
	lm lumen
	Ω ohm
	Ω ohm
	kΩ kilohm
	MΩ megohm
	pF picofarad
	nF nanofarad
	µF microfarad
	Sv sievert
	mSv millisievert
	µSv microsievert
	Bq becquerel
	Gy gray
	mT millitesla
	hp horsepower|horsepower
	ly light year
	AU astronomical unit
	ug microgram
	um micrometer
	gm gram
	gms gram
	Tbsp tablespoon
	mmHg millimeter of mercury|millimeters of mercury
	inHg inch of mercury|inches of mercury
	BTU B T U|B T Us
	BTUs B T U|B T Us
	Btu B T U|B T Us
	VDC volt D C|volts D C
	VAC volt A C|volts A C
	VA volt ampere
	kVA kilovolt ampere
	MVA megavolt ampere
	mH millihenry|millihenries
	µH microhenry|microhenries
	TeV teraelectron volt
	PHz petahertz|petahertz
	ppi pixel per inch|pixels per inch
	nmi nautical mile
	kn knot
	kts knot
	cwt hundredweight|hundredweight
	bbl barrel
	Mt megaton
	kt kiloton
	Gt gigaton
	kha kilohectare
	IU I U|I U
	mEq milliequivalent
	pc parsec
	kpc kiloparsec
	Mpc megaparsec
	kbit kilobit
	Mbit megabit
	Gbit gigabit
	Tbit terabit
	Tbps terabit per second|terabits per second
	Tb terabit
	pm picometer
	fm femtometer
	hL hectoliter
	hl hectoliter
	µL microliter
	μL microliter
	uL microliter
	ng nanogram
	pg picogram
	µA microampere
	uA microampere
	µV microvolt
	uF microfarad
	mF millifarad
	µW microwatt
	GPa gigapascal
	GJ gigajoule
	TJ terajoule
	MN meganewton
	mN millinewton
	µmol micromole
	nmol nanomole
	mGy milligray
	MBq megabecquerel
	GBq gigabecquerel
	kBq kilobecquerel
	Mcal megacalorie
	mOsm milliosmole
	mpg mile per gallon|miles per gallon
	ips inch per second|inches per second
	ksi kilopound per square inch|kilopounds per square inch
	cfm cubic foot per minute|cubic feet per minute
	gpm gallon per minute|gallons per minute
	sqm square meter
	sqmi square mile
	arcsec arcsecond
	arcmin arcminute
	pcs piece
	doz dozen|dozen
	hrs. hour
	ft-lb foot-pound
	ft-lbs foot-pound
	ft·lb foot-pound
	lb-ft pound-foot|pound-feet
	lb·ft pound-foot|pound-feet
	N·m newton meter
	N⋅m newton meter
	N-m newton meter
	kN·m kilonewton meter
	kW·h kilowatt hour
	kW-h kilowatt hour
	W·h watt hour
	Pa·s pascal second
	A·h ampere hour
	LUFS L U F S|L U F S
	dBTP D B T P|D B T P`

func unitTable() map[string]unit {
	units := map[string]unit{}
	for key, value := range table(unitLines) {
		one, many, ok := strings.Cut(value, "|")
		if !ok {
			many = one + "s"
		}
		units[key] = unit{one, many}
	}
	return units
}

func vulgarTable() map[rune]string {
	return map[rune]string{
		'½': "one half", '⅓': "one third", '⅔': "two thirds", '¼': "one quarter", '¾': "three quarters", '⅕': "one fifth",
		'⅖': "two fifths", '⅗': "three fifths", '⅘': "four fifths", '⅙': "one sixth", '⅚': "five sixths", '⅐': "one seventh",
		'⅛': "one eighth", '⅜': "three eighths", '⅝': "five eighths", '⅞': "seven eighths", '⅑': "one ninth", '⅒': "one tenth",
	}
}

// moneyTables gives currencies by sign and by code (ISO 4217).
func moneyTables(x *lexical) {
	x.signs, x.codes = map[string]currency{}, map[string]currency{}
	for line := range strings.Lines(currencyLines) {
		f := strings.Split(strings.TrimSpace(line), ",")
		c := currency{major: unit{f[2], f[3]}}
		if f[4] != "" {
			c.minor = unit{f[4], f[5]}
		}
		for _, sign := range strings.Fields(f[0]) {
			x.signs[sign] = c
		}
		if f[1] != "" {
			x.codes[f[1]] = c
		}
	}
}

// currencyLines: signs, code, major unit and plural, minor unit and plural.
const currencyLines = `$,,dollar,dollars,cent,cents
	US$,USD,U-S dollar,U-S dollars,cent,cents
	A$ AU$,AUD,Australian dollar,Australian dollars,cent,cents
	C$ CA$,CAD,Canadian dollar,Canadian dollars,cent,cents
	NZ$,NZD,New Zealand dollar,New Zealand dollars,cent,cents
	HK$,HKD,Hong Kong dollar,Hong Kong dollars,cent,cents
	S$,SGD,Singapore dollar,Singapore dollars,cent,cents
	R$,BRL,real,reais,centavo,centavos
	€,EUR,euro,euros,cent,cents
	£,GBP,pound,pounds,penny,pence
	¥,JPY,yen,yen,,
	CN¥,CNY,yuan,yuan,,
	₩,KRW,won,won,,
	₹ Rs,INR,rupee,rupees,paisa,paise
	NT$,TWD,Taiwan dollar,Taiwan dollars,,
	MX$,MXN,Mexican peso,Mexican pesos,centavo,centavos
	J$,JMD,Jamaican dollar,Jamaican dollars,cent,cents
	,RMB,yuan,yuan,,
	,AED,dirham,dirhams,fils,fils
	,SAR,Saudi riyal,Saudi riyals,,
	,QAR,Qatari riyal,Qatari riyals,,
	,KWD,Kuwaiti dinar,Kuwaiti dinars,,
	,EGP,Egyptian pound,Egyptian pounds,,
	,PKR,Pakistani rupee,Pakistani rupees,,
	,IDR,rupiah,rupiah,,
	,MYR,ringgit,ringgit,,
	,NGN,naira,naira,kobo,kobo
	,KES,Kenyan shilling,Kenyan shillings,,
	,CLP,Chilean peso,Chilean pesos,,
	,COP,Colombian peso,Colombian pesos,,
	,ARS,Argentine peso,Argentine pesos,,
	,HUF,forint,forints,,
	,RON,Romanian leu,Romanian lei,,
	,BGN,lev,leva,,
	,ETH,ether,ether,,
	Kč,CZK,koruna,koruna,,
	kr,,krone,kroner,,
	₽,RUB,rouble,roubles,kopeck,kopecks
	₺,TRY,lira,lira,,
	₪,ILS,shekel,shekels,agora,agorot
	₴,UAH,hryvnia,hryvnias,,
	₫,VND,dong,dong,,
	฿,THB,baht,baht,,
	₦,NGN,naira,naira,kobo,kobo
	₱,PHP,peso,pesos,,
	₿,BTC,bitcoin,bitcoin,,
	,CHF,Swiss franc,Swiss francs,,
	,SEK,Swedish krona,Swedish kronor,,
	,NOK,Norwegian krone,Norwegian kroner,,
	,DKK,Danish krone,Danish kroner,,
	zł,PLN,złoty,złoty,,
	,ZAR,rand,rand,,`
