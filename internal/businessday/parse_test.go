package businessday

import (
	"strings"
	"testing"
)

func TestParseReadsJSONToo(t *testing.T) {
	years := mustParse(t, `{"2027": {"off": ["2027-01-01", "2027-02-05..2027-02-11"], "work": ["2027-02-20"], "provisional": true}}`)
	if len(years) != 1 || years[0].Number() != 2027 || !years[0].provisional || len(years[0].days) != 9 {
		t.Errorf("read %+v", years)
	}
}

func TestParseRefusesWhatItCannotReadForSureAndNamesTheCure(t *testing.T) {
	for _, tc := range []struct {
		name, table, want string
	}{
		{"nothing", "", "with at least one year"},
		{"a comment alone", "# 2027\n", "with at least one year"},
		{"no year", "{}", "with at least one year"},
		{"a list", "- 2027-01-01", "mapping from year to table"},
		{"broken YAML", "2027: {off: [", "as YAML"},
		{"a second document", "2027: {off: [2027-01-01]}\n---\n2028: {off: [2028-01-01]}", "put all years in one"},
		{"a short year", "27: {off: [2027-01-01]}", `line 1: "27" is not a year: write four digits`},
		{"a year twice", "2027: {off: [2027-01-01]}\n2027: {off: [2027-01-01]}", "line 2: year 2027 is stated twice"},
		{"a year without a table", "2027:", "line 1: year 2027 has no table"},
		{"a year without holidays", "2027: {work: [2027-01-02]}", "line 1: year 2027 has no public holidays"},
		{"an empty list of holidays", "2027:\n  off: []", "line 2: year 2027 has no public holidays"},
		{"holidays that are no list", "2027:\n  off: 2027-01-01", "line 2: off is a list of dates"},
		{"a field misspelt", "2027:\n  off: [2027-01-01]\n  of: [2027-05-01]", `line 3: year 2027 has an unknown field "of"`},
		{"a field twice", "2027:\n  off: [2027-01-01]\n  off: [2027-05-01]", "line 3: year 2027 states off twice"},
		{"provisional that is no bool", "2027: {off: [2027-01-01], provisional: maybe}", `provisional is true or false, not "maybe"`},
		{"a date that does not exist", "2027:\n  off:\n    - 2027-02-29", `line 3: "2027-02-29" is not a date`},
		{"a date without a year", "2027: {off: [01-01]}", `"01-01" is not a date: write YYYY-MM-DD`},
		{"a mapping for a date", "2027: {off: [{from: 2027-01-01}]}", `"" is not a date`},
		{"a range that ends with no date", "2027: {off: [2027-01-01..03]}", `"03" is not a date`},
		{"a range backwards", "2027: {off: [2027-02-11..2027-02-05]}", "ends before it begins"},
		{"a date of the year after", "2027: {off: [2027-12-31..2028-01-01]}", "outside of 2027"},
		{"a date long before", "2027: {off: [2026-11-30]}", "outside of 2027 and the December before it"},
		{"a date twice", "2027: {off: [2027-01-01..2027-01-03, 2027-01-03]}", "2027-01-03 is listed twice"},
		{"a date both off and worked", "2027: {off: [2027-01-02], work: [2027-01-02]}", "2027-01-02 is listed twice"},
		{"a weekday worked", "2027: {off: [2027-01-01], work: [2027-02-10]}", "2027-02-10 is a Wednesday"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			years, err := Parse([]byte(tc.table))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want one with %q", err, tc.want)
			}
			if years != nil {
				t.Errorf("years %+v with an error", years)
			}
		})
	}
}

func TestParseNamesEverythingThatIsWrongAtOnce(t *testing.T) {
	_, err := Parse([]byte("2027:\n  off:\n    - 2027-13-01\n    - 2027-05-01\n  wrok: []\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3:") || !strings.Contains(err.Error(), "line 5:") {
		t.Errorf("error is %v, want lines 3 and 5", err)
	}
}

func TestParseNamesAWrongRangeOnce(t *testing.T) {
	_, err := Parse([]byte("2027: {off: [2027-01-01..2027-12-31, 2027-01-01..2027-12-31]}"))
	if err == nil || strings.Count(err.Error(), "listed twice") != 1 {
		t.Errorf("error is %v, want one finding", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(compiledYears))
	f.Add("2027: &a {off: [2027-01-01], work: *a}")
	f.Add("2027: {<<: {off: [2027-01-01]}}")
	f.Add("? [2027]\n: {}")
	f.Fuzz(func(t *testing.T, table string) {
		years, err := Parse([]byte(table))
		if (err == nil) == (len(years) == 0) {
			t.Errorf("%d years with error %v", len(years), err)
		}
	})
}
