package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// machine is where it was measured.
type machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	MemoryGiB int    `json:"memory_gib,omitempty"`
	System    string `json:"system"`
	Go        string `json:"go"`
	FFmpeg    string `json:"ffmpeg"`
}

var (
	modelName = regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`)
	memTotal  = regexp.MustCompile(`(?m)^MemTotal:\s*(\d+) kB$`)
	prettyOS  = regexp.MustCompile(`(?m)^PRETTY_NAME="?([^"\n]+)`)
	ffmpegIs  = regexp.MustCompile(`^ffmpeg version (\S+)`)
)

func thisMachine(ctx context.Context) machine {
	m := machine{Processor: runtime.GOARCH, Cores: runtime.NumCPU(), System: runtime.GOOS, Go: strings.TrimPrefix(runtime.Version(), "go")}
	if s := found(modelName, "/proc/cpuinfo"); s != "" {
		m.Processor = s + ", " + runtime.GOARCH
	} else if b, err := exec.CommandContext(ctx, "sysctl", "-n", "machdep.cpu.brand_string").Output(); err == nil {
		m.Processor = strings.TrimSpace(string(b)) + ", " + runtime.GOARCH
	}
	if kb, err := strconv.Atoi(found(memTotal, "/proc/meminfo")); err == nil {
		m.MemoryGiB = (kb + 1<<19) >> 20
	}
	if s := found(prettyOS, "/etc/os-release"); s != "" {
		m.System = s
	}
	if b, err := exec.CommandContext(ctx, "ffmpeg", "-version").Output(); err == nil {
		if v := ffmpegIs.FindSubmatch(b); v != nil {
			m.FFmpeg = string(v[1])
		}
	}
	return m
}

// found is what an expression finds in a file; empty if nothing.
func found(re *regexp.Regexp, file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	if m := re.FindSubmatch(b); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return ""
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %d GiB, %s, Go %s, ffmpeg %s", m.Cores, m.Processor, m.MemoryGiB, m.System, m.Go, m.FFmpeg)
}

// load is how many processes wanted to run in the last minute; 0 where that
// is not known.
func load() float64 {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), " ")
	v, _ := strconv.ParseFloat(first, 64)
	return v
}
