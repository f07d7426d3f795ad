package formula

// commands gives the character a LaTeX command stands for. Only read.
var commands = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
	"eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "varkappa": "ϰ", "lambda": "λ",
	"mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ",
	"sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
	"psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
	"Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
	"varGamma": "Γ", "varDelta": "Δ", "varTheta": "Θ", "varLambda": "Λ", "varSigma": "Σ", "varPhi": "Φ",
	"varPsi": "Ψ", "varOmega": "Ω",

	"pm": "±", "mp": "∓", "times": "×", "cdot": "⋅", "cdotp": "⋅", "centerdot": "⋅", "div": "÷", "ast": "∗",
	"star": "⋆", "circ": "∘", "bullet": "∙", "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "oslash": "⊘",
	"odot": "⊙", "cup": "∪", "cap": "∩", "uplus": "⊎", "sqcup": "⊔", "sqcap": "⊓", "wedge": "∧", "land": "∧",
	"vee": "∨", "lor": "∨", "veebar": "⊻", "setminus": "∖", "smallsetminus": "∖", "diamond": "⋄", "wr": "≀",
	"amalg": "⨿", "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "boxplus": "⊞", "boxminus": "⊟",
	"boxtimes": "⊠", "triangle": "△", "triangledown": "▽", "vartriangle": "△", "triangleleft": "◃",
	"triangleright": "▹", "bigtriangleup": "△", "bigtriangledown": "▽", "bigcirc": "∘", "slash": "/",
	"in": "∈", "isin": "∈", "notin": "∉", "ni": "∋", "owns": "∋", "neg": "¬", "lnot": "¬", "forall": "∀",
	"exists": "∃", "nexists": "∄", "partial": "∂", "nabla": "∇", "surd": "√", "bmod": "mod",

	"eq": "=", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">", "le": "≤", "leq": "≤", "leqq": "≤", "ge": "≥",
	"geq": "≥", "geqq": "≥", "leqslant": "⩽", "geqslant": "⩾", "ll": "≪", "gg": "≫", "lesssim": "≲",
	"gtrsim": "≳", "nless": "≮", "ngtr": "≯", "nleq": "≰", "ngeq": "≱", "approx": "≈", "cong": "≅",
	"simeq": "≃", "asymp": "≍", "sim": "∼", "thicksim": "∼", "nsim": "≁", "equiv": "≡", "doteq": "≐",
	"triangleq": "≜", "coloneqq": "≔", "coloneq": "≔", "eqqcolon": "≕", "propto": "∝", "varpropto": "∝",
	"subset": "⊂", "subseteq": "⊆", "subseteqq": "⊆", "subsetneq": "⊊", "nsubseteq": "⊈", "supset": "⊃",
	"supseteq": "⊇", "supseteqq": "⊇", "supsetneq": "⊋", "nsupseteq": "⊉", "sqsubset": "⊏",
	"sqsubseteq": "⊑", "sqsupset": "⊐", "sqsupseteq": "⊒", "prec": "≺", "succ": "≻", "preceq": "⪯",
	"succeq": "⪰", "preccurlyeq": "⪯", "succcurlyeq": "⪰", "parallel": "∥", "nparallel": "∦", "perp": "⊥",
	"nmid": "∤", "vdash": "⊢", "nvdash": "⊬", "dashv": "⊣", "models": "⊨", "vDash": "⊨", "Vdash": "⊩",
	"bowtie": "⋈", "Join": "⋈", "vartriangleleft": "⊲", "lhd": "⊲", "trianglelefteq": "⊴", "unlhd": "⊴",
	"rhd": "⊳",

	"to": "→", "rightarrow": "→", "gets": "←", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
	"Leftarrow": "⇐", "Leftrightarrow": "⇔", "longrightarrow": "⟶", "longleftarrow": "⟵",
	"longleftrightarrow": "⟷", "Longrightarrow": "⟹", "implies": "⟹", "Longleftarrow": "⟸",
	"impliedby": "⟸", "Longleftrightarrow": "⟺", "iff": "⟺", "mapsto": "↦", "longmapsto": "⟼",
	"hookrightarrow": "↪", "hookleftarrow": "↩", "twoheadrightarrow": "↠", "rightharpoonup": "⇀",
	"rightleftharpoons": "⇌", "leadsto": "⇝", "rightsquigarrow": "⇝", "uparrow": "↑", "downarrow": "↓",
	"updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓", "nearrow": "↗", "searrow": "↘", "nwarrow": "↖",
	"swarrow": "↙", "restriction": "|", "upharpoonright": "|",

	"colon": ":", "dots": "…", "ldots": "…", "cdots": "…", "dotsc": "…", "dotsb": "…", "dotsm": "…",
	"dotsi": "…", "dotso": "…", "hdots": "…", "vdots": "⋮", "ddots": "⋱", "degree": "°", "mid": "∣",
	"therefore": "∴", "because": "∵", "comma": ",", "semicolon": ";",

	"lbrace": "{", "rbrace": "}", "{": "{", "}": "}", "lbrack": "[", "rbrack": "]", "lparen": "(",
	"rparen": ")", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
	"vert": "|", "lvert": "|", "rvert": "|", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖",

	"sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigvee": "⋁", "bigwedge": "⋀",
	"bigoplus": "⨁", "bigotimes": "⨂", "bigodot": "⨀", "biguplus": "⨄", "bigsqcup": "⨆", "int": "∫",
	"smallint": "∫", "iint": "∬", "iiint": "∭", "oint": "∮",

	"infty": "∞", "emptyset": "∅", "varnothing": "⌀", "ell": "ℓ", "hbar": "ℏ", "hslash": "ℏ", "aleph": "ℵ",
	"beth": "ℶ", "Re": "ℜ", "real": "ℜ", "Im": "ℑ", "image": "ℑ", "wp": "℘", "imath": "ı", "jmath": "ȷ",
	"top": "⊤", "bot": "⊥", "angle": "∠", "measuredangle": "∡", "sphericalangle": "∢", "complement": "∁",
	"Box": "□", "square": "□", "blacksquare": "■", "qed": "■", "Diamond": "◊", "lozenge": "◊",
	"sharp": "♯", "flat": "♭", "natural": "♮", "checkmark": "✓", "S": "§", "P": "¶", "copyright": "©",
	"$": "$", "#": "#", "&": "&", "%": "%", "_": "_", "euro": "€", "pounds": "£", "prime": "′",
	"backslash": "\\", "textbackslash": "\\", "lbag": "[", "rbag": "]",

	// The number sets people define macros for; the font is set by the parser.
	"R": "ℝ", "Reals": "ℝ", "reals": "ℝ", "N": "ℕ", "natnums": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ",
	"Complex": "ℂ", "cnums": "ℂ", "E": "𝔼",
}

// typed maps characters written as they are to the one used in the tables.
var typed = map[string]string{
	"−": "-", "–": "-", "‐": "-", "‑": "-", "·": "⋅", "•": "∙", "∶": ":", "‥": "…", "⋯": "…", "ε": "ε",
	"⟵": "⟵", "∕": "/", "⁄": "/", "º": "°", "‵": "′", "‚": ",", "⩵": "=", "¦": "|", "∆": "Δ", "µ": "μ",
	"〈": "⟨", "〉": "⟩", "Ω": "Ω", "⊖": "⊖", "♢": "◊", "⋅": "⋅", "∥": "‖",
}

// negated gives the character for \not before another. Only read.
var negated = map[string]string{
	"=": "≠", "∈": "∉", "∋": "∌", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "≡": "≢", "∼": "≁", "⊂": "⊄",
	"⊆": "⊈", "⊃": "⊅", "⊇": "⊉", "∥": "∦", "∣": "∤", "⊢": "⊬", "∃": "∄",
}

// blackboard gives the letters of \mathbb that have a character of their own
// and a meaning everybody gives them.
var blackboard = map[string]string{"N": "ℕ", "Z": "ℤ", "Q": "ℚ", "R": "ℝ", "C": "ℂ"}

// function is a name set upright that takes an argument.
type function struct {
	class class
	plain string
	heard string
}

// functions holds the named functions of LaTeX and their kin, by the letters
// they are written with. Only read.
var functions = map[string]function{
	"sin": {classFunction, "sine", ""}, "cos": {classFunction, "cosine", ""}, "tan": {classFunction, "tangent", ""},
	"cot": {classFunction, "cotangent", ""}, "sec": {classFunction, "secant", ""}, "csc": {classFunction, "cosecant", ""},
	"cosec": {classFunction, "cosecant", ""}, "ctg": {classFunction, "cotangent", ""}, "tg": {classFunction, "tangent", ""},
	"arcsin": {classFunction, "arc sine", ""}, "arccos": {classFunction, "arc cosine", ""},
	"arctan": {classFunction, "arc tangent", ""}, "arccot": {classFunction, "arc cotangent", ""},
	"arctg": {classFunction, "arc tangent", ""},
	"sinh":  {classFunction, "hyperbolic sine", ""}, "cosh": {classFunction, "hyperbolic cosine", ""},
	"tanh": {classFunction, "hyperbolic tangent", ""}, "coth": {classFunction, "hyperbolic cotangent", ""},
	"log": {classFunction, "log", ""}, "ln": {classFunction, "l n", "natural log"},
	"lg": {classFunction, "log base 10", ""}, "exp": {classFunction, "exp", "the exponential of"},
	"det": {classFunction, "determinant", ""}, "dim": {classFunction, "dimension", ""},
	"deg": {classFunction, "degree", ""}, "ker": {classFunction, "kernel", ""}, "Ker": {classFunction, "kernel", ""},
	"hom": {classFunction, "hom", ""}, "Hom": {classFunction, "hom", ""}, "arg": {classFunction, "arg", "argument"},
	"tr": {classFunction, "trace", ""}, "Tr": {classFunction, "trace", ""}, "trace": {classFunction, "trace", ""},
	"rank": {classFunction, "rank", ""}, "sgn": {classFunction, "sign", ""}, "sign": {classFunction, "sign", ""},
	"Pr":  {classFunction, "probability", ""},
	"gcd": {classFunction, "gcd", "greatest common divisor"}, "lcm": {classFunction, "lcm", "least common multiple"},
	"lim": {classLimit, "lim", "limit"}, "limsup": {classLimit, "lim sup", "limit superior"},
	"liminf": {classLimit, "lim inf", "limit inferior"}, "max": {classLimit, "max", "maximum"},
	"min": {classLimit, "min", "minimum"}, "sup": {classLimit, "sup", "supremum"}, "inf": {classLimit, "inf", "infimum"},
	"argmax": {classLimit, "argmax", "arg max"}, "argmin": {classLimit, "argmin", "arg min"},
	"injlim": {classLimit, "inj lim", ""}, "projlim": {classLimit, "proj lim", ""},
	"varlimsup": {classLimit, "lim sup", "limit superior"}, "varliminf": {classLimit, "lim inf", "limit inferior"},
}

// accents gives the mark a command puts over or under its argument.
var accents = map[string]struct {
	mark  string
	below bool
}{
	"hat": {"hat", false}, "widehat": {"hat", false}, "tilde": {"tilde", false}, "widetilde": {"tilde", false},
	"bar": {"bar", false}, "overline": {"line", false}, "vec": {"vector", false},
	"overrightarrow": {"right arrow", false}, "overleftarrow": {"left arrow", false},
	"overleftrightarrow": {"left right arrow", false}, "dot": {"dot", false}, "ddot": {"double dot", false},
	"dddot": {"triple dot", false}, "check": {"check", false}, "widecheck": {"check", false},
	"acute": {"acute", false}, "grave": {"grave", false}, "breve": {"breve", false},
	"mathring": {"ring", false}, "underline": {"line", true}, "underbar": {"line", true},
	"overbrace": {"brace", false}, "underbrace": {"brace", true}, "overbracket": {"bracket", false},
	"underbracket": {"bracket", true}, "overparen": {"paren", false}, "underparen": {"paren", true},
}

// fonts gives the alphabet a command selects.
var fonts = map[string]font{
	"mathrm": fontNormal, "mathnormal": fontNone, "mathup": fontNormal, "rm": fontNormal, "mathbf": fontBold,
	"bf": fontBold, "boldsymbol": fontBold, "bm": fontBold, "pmb": fontBold, "symbf": fontBold, "mathbfit": fontBold,
	"mathit": fontItalic, "it": fontItalic, "mathbb": fontDoubleStruck, "Bbb": fontDoubleStruck,
	"mathbbm": fontDoubleStruck, "mathds": fontDoubleStruck, "mathcal": fontScript, "cal": fontScript,
	"mathscr": fontScript, "mathfrak": fontFraktur, "frak": fontFraktur, "mathsf": fontSans, "sf": fontSans,
	"mathtt": fontMono, "tt": fontMono,
}
