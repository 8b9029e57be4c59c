// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func readDashboard(t *testing.T) *Dashboard {
	t.Helper()
	d, err := ReadDashboard(inProject(t, "config", "monitoring", "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// orNothing is what a stat shows where there is no series. It would hide that there is none.
const orNothing = " or vector(0)"

func TestEveryQueryOfTheDashboardFindsSeries(t *testing.T) {
	w := livedWorld(t)
	asked := 0
	for _, panel := range readDashboard(t).Panels {
		for _, target := range panel.Targets {
			expr := strings.TrimSuffix(target.Query(Everything()), orNothing)
			found, err := w.Through(t.Context(), expr, w.began, time.Now(), time.Second)
			if err != nil {
				t.Errorf("panel %q: %v", panel.Title, err)
			} else if len(found) == 0 {
				t.Errorf("panel %q finds nothing: %s", panel.Title, expr)
			}
			asked++
		}
	}
	t.Logf("%d queries", asked)
}

func TestWhatIsShownFirstHasValuesNow(t *testing.T) {
	w := livedWorld(t)
	for _, panel := range readDashboard(t).Panels {
		for _, target := range panel.Targets {
			if !target.Instant {
				continue
			}
			w.Eventually(func(g Gomega) {
				found, err := w.At(t.Context(), strings.TrimSuffix(target.Query(Everything()), orNothing), time.Now())
				g.Expect(err).NotTo(HaveOccurred())
				if panel.Title == "Gateways not usable" {
					g.Expect(found).To(BeEmpty(), "it is back")
					return
				}
				g.Expect(found).NotTo(BeEmpty(), panel.Title+": "+target.Expr)
			}).Should(Succeed())
		}
	}
}

var labelValues = regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)

func TestEachVariableRestrictsTheDashboardToItsValues(t *testing.T) {
	w, d := livedWorld(t), readDashboard(t)
	variables := 0
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		variables++
		asked := labelValues.FindStringSubmatch(v.Definition)
		w.Expect(asked).NotTo(BeNil(), v.Definition)
		values, err := w.LabelValues(t.Context(), asked[1], asked[2])
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(values).To(HaveLen(2), v.Name+" has a value for each half of the life")
		for _, value := range append(values, "("+strings.Join(values, "|")+")", "nobody") {
			w.restricted(t, d, v.Name, value)
		}
	}
	w.Expect(variables).To(Equal(3))
}

// restricted asks every query with one value of one variable: no other value is in what
// is answered.
func (w *world) restricted(t *testing.T, d *Dashboard, variable, value string) {
	t.Helper()
	for _, panel := range d.Panels {
		for _, target := range panel.Targets {
			expr := target.Query(Everything().With(variable, value))
			found, err := w.At(t.Context(), expr, time.Now())
			if err != nil {
				t.Errorf("panel %q with %s %s: %v", panel.Title, variable, value, err)
			}
			for _, series := range found {
				if is, has := series.Labels[variable]; has && !strings.Contains(value, is) {
					t.Errorf("panel %q with %s %s shows %s", panel.Title, variable, value, is)
				}
			}
			if value == "nobody" && strings.Contains(target.Expr, "$"+variable) && !strings.HasSuffix(expr, orNothing) && len(found) > 0 {
				t.Errorf("panel %q shows %v to nobody", panel.Title, found)
			}
		}
	}
}

func TestPanelsCanBeReadWithoutTheirQueries(t *testing.T) {
	d := readDashboard(t)
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, panel := range d.Panels {
		if ids[panel.ID] {
			t.Errorf("there are two panels with id %d", panel.ID)
		}
		ids[panel.ID] = true
		for x := range panel.Grid.W {
			for y := range panel.Grid.H {
				at := [2]int{panel.Grid.X + x, panel.Grid.Y + y}
				if other, is := taken[at]; is || at[0] >= 24 {
					t.Fatalf("panel %q lies over %q, or outside", panel.Title, other)
				}
				taken[at] = panel.Title
			}
		}
		if panel.Type == "row" {
			continue
		}
		if panel.Title == "" || panel.FieldConfig.Defaults.Unit == "" || len(panel.Targets) == 0 {
			t.Errorf("panel %d has no title, unit or query", panel.ID)
		}
		for _, source := range append([]DataSource{panel.DataSource}, sources(panel)...) {
			if source != (DataSource{"prometheus", "${datasource}"}) {
				t.Errorf("panel %q asks %v", panel.Title, source)
			}
		}
	}
}

func sources(panel Panel) (all []DataSource) {
	for _, target := range panel.Targets {
		all = append(all, target.DataSource)
	}
	return all
}
