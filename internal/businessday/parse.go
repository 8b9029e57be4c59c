package businessday

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

var yearPattern = regexp.MustCompile(`^[1-9]\d{3}$`)

// Parse reads tables of years, in YAML or JSON, for Calendar.With:
//
//	2027:
//	  off:                       # public holidays, the weekends within them too
//	    - 2027-01-01             # a date
//	    - 2027-02-05..2027-02-11 # or a range, both ends included
//	  work:                      # weekends worked to make up for them
//	    - 2027-02-20
//	  provisional: false         # optional: true until the notice is out
//
// A table states its year whole. Its dates lie in that year, or in the December
// before it, into which a notice may reach back.
//
// Parse is strict, because a day misread shifts every deadline after it. Its
// error names, for everything that is wrong, the line and the cure; there are no
// years with an error.
func Parse(data []byte) ([]Year, error) {
	root, err := decodeDocument(data)
	if err != nil {
		return nil, err
	}
	if root == nil || root.Kind != yaml.MappingNode || len(root.Content) == 0 {
		return nil, errors.New("a calendar is a mapping from year to table, with at least one year, such as 2027: {off: [2027-01-01]}")
	}
	p := &parser{}
	years := p.years(root)
	if err := errors.Join(p.errs...); err != nil {
		return nil, err
	}
	return years, nil
}

// decodeDocument returns the content of the only document, nil if there is none.
func decodeDocument(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, fmt.Errorf("read calendar as YAML: %w", err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("a calendar is a single YAML document: put all years in one")
	}
	return document.Content[0], nil
}

// parser collects everything that is wrong, so that a user mends it in one go.
type parser struct {
	errs []error
}

func (p *parser) failf(at *yaml.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("line %d: %s", at.Line, fmt.Sprintf(format, args...)))
}

func (p *parser) years(root *yaml.Node) []Year {
	var years []Year
	seen := map[string]bool{}
	for i := 0; i < len(root.Content); i += 2 {
		key, table := root.Content[i], root.Content[i+1]
		switch {
		case !yearPattern.MatchString(key.Value):
			p.failf(key, "%q is not a year: write four digits, such as 2027", key.Value)
		case seen[key.Value]:
			p.failf(key, "year %s is stated twice: merge the two tables", key.Value)
		default:
			seen[key.Value] = true
			years = append(years, p.year(key, table))
		}
	}
	return years
}

func (p *parser) year(key, table *yaml.Node) Year {
	number, _ := strconv.Atoi(key.Value) // yearPattern has matched
	year := Year{number: number, days: map[date]dayKind{}}
	if table.Kind != yaml.MappingNode {
		p.failf(key, "year %d has no table: state off, and work if there are make-up weekends", number)
		return year
	}
	seen := map[string]bool{}
	for i := 0; i < len(table.Content); i += 2 {
		field, value := table.Content[i], table.Content[i+1]
		if seen[field.Value] {
			p.failf(field, "year %d states %s twice: keep one", number, field.Value)
			continue
		}
		seen[field.Value] = true
		p.field(&year, field, value)
	}
	if !seen["off"] {
		p.failf(key, "year %d has no public holidays: list them under off, or leave the year out", number)
	}
	return year
}

func (p *parser) field(year *Year, field, value *yaml.Node) {
	switch field.Value {
	case "off":
		if value.Kind == yaml.SequenceNode && len(value.Content) == 0 {
			p.failf(field, "year %d has no public holidays: list them under off, or leave the year out", year.number)
		}
		p.days(year, field, value, publicHoliday)
	case "work":
		p.days(year, field, value, makeUpWorkday)
	case "provisional":
		if value.Tag != "!!bool" || value.Decode(&year.provisional) != nil {
			p.failf(value, "provisional is true or false, not %q", value.Value)
		}
	default:
		p.failf(field, "year %d has an unknown field %q: the fields are off, work and provisional", year.number, field.Value)
	}
}

func (p *parser) days(year *Year, field, list *yaml.Node, kind dayKind) {
	if list.Kind != yaml.SequenceNode {
		p.failf(field, "%s is a list of dates: write each on a line of its own after a dash", field.Value)
		return
	}
	for _, item := range list.Content {
		first, last, err := parseRange(item.Value)
		if err != nil {
			p.failf(item, "%v", err)
			continue
		}
		if !year.mayHold(first) || !year.mayHold(last) {
			p.failf(item, "%s is outside of %d and the December before it: move it to its own year's table", item.Value, year.number)
			continue
		}
		// One word on a wrong range is enough: it may have hundreds of days.
		for day, fine := first, true; fine && !day.after(last); day = day.next() {
			fine = p.day(year, item, day, kind)
		}
	}
}

func (p *parser) day(year *Year, item *yaml.Node, day date, kind dayKind) bool {
	if _, listed := year.days[day]; listed {
		p.failf(item, "%s is listed twice in the table of %d: keep one, under off or under work", day, year.number)
		return false
	}
	if kind == makeUpWorkday && !day.isWeekend() {
		p.failf(item, "%s is a %s, but only Saturdays and Sundays are worked to make up for holidays: mend the date, or drop it", day, day.weekday())
		return false
	}
	year.days[day] = kind
	return true
}

func (y Year) mayHold(day date) bool {
	return day.year == y.number || day.year == y.number-1 && day.month == time.December
}

// parseRange reads 2027-02-05 or 2027-02-05..2027-02-11.
func parseRange(text string) (first, last date, err error) {
	from, to, isRange := strings.Cut(text, "..")
	if first, err = parseDate(from); err != nil {
		return date{}, date{}, err
	}
	if !isRange {
		return first, first, nil
	}
	if last, err = parseDate(to); err != nil {
		return date{}, date{}, err
	}
	if first.after(last) {
		return date{}, date{}, fmt.Errorf("%s ends before it begins: put the earlier date first", text)
	}
	return first, last, nil
}

func parseDate(text string) (date, error) {
	parsed, err := time.ParseInLocation(dateLayout, text, Shanghai)
	if err != nil {
		return date{}, fmt.Errorf("%q is not a date: write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD for a range, of days that exist", text)
	}
	return dateOf(parsed), nil
}
