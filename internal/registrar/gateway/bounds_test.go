// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

func TestWhatCannotBeStoredOrShownIsRefused(t *testing.T) {
	with := func(old, instead string) string { return `{` + strings.Replace(goodAttempt, old, instead, 1) + `}` }
	filed := "2026-09-30T01:00:00Z"
	tests := map[string]struct{ body, why string }{
		"filed in the year 1":                      {with(filed, "0001-01-02T00:00:00Z"), "years"},
		"filed in the year 9999":                   {with(filed, "9999-12-31T00:00:00Z"), "years"},
		"filed in the year 10000 of UTC":           {with(filed, "9999-12-31T23:59:59-01:00"), "years"},
		"filed before the year 0 of UTC":           {with(filed, "0000-01-01T00:00:00+01:00"), "years"},
		"due in the year 9999":                     {`{` + goodAttempt + `,"dueTime":"9999-12-31T23:59:59-01:00"}`, "years"},
		"a challenge that expires in year 9999":    {`{` + goodAttempt + `,"challenges":[{"id":"a","type":"phoneCode","expires":"9999-12-31T23:59:59-01:00"}]}`, "expire"},
		"a state that hides a mobile number":       {with("underReview", "x13800138000"), "no state"},
		"a state that hides an ID's number":        {with("underReview", "x11010519491231002X"), "no state"},
		"a challenge's type that hides a number":   {`{` + goodAttempt + `,"challenges":[{"id":"a","type":"x13800138000"}]}`, "type"},
		"a digest that is an ID's number":          {with("v1:0123:abcd", "11010519491231002X"), "digest"},
		"a digest that is a sentence":              {with("v1:0123:abcd", "Wang.Xiaoming.is.his.name"), "digest"},
		"an attempt that no applicant can ask for": {with(`"number":1`, `"number":2147483647`), "attempt 2147483647"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newest := fmt.Sprintf(`{"key":%q,"revision":7,"newest":%s}`, testFiling.Key, test.body)
			_, errNewest := serve(t, answering(200, jsonType, newest)).Newest(testContext(t), testFiling)
			_, errAttempt := serve(t, answering(200, jsonType, test.body)).Attempt(testContext(t), testFiling, 1)
			for _, err := range []error{errNewest, errAttempt} {
				if trouble := wantTrouble(t, err, lifecycle.TroubleInvalid); !strings.Contains(trouble.Message, test.why) {
					t.Errorf("message %q does not say %q", trouble.Message, test.why)
				}
			}
		})
	}
}

// The general patterns of personal data take work in the square of such words.
func TestWordsThatAreHardToCleanTakeNoTime(t *testing.T) {
	hard := strings.Repeat("E12345678.", 90_000)
	fits := strings.Repeat("E12345678.", 300)
	told := func(message string) string {
		return `"findings":[{"code":"A","message":"` + message + `"}]`
	}
	tests := map[string]struct {
		status      int
		contentType string
		body        string
	}{
		"in a finding":   {200, jsonType, `{` + strings.Replace(goodAttempt, "underReview", "rejected", 1) + `,` + told(hard) + `}`},
		"in a code":      {200, jsonType, `{` + strings.Replace(goodAttempt, "underReview", "rejected", 1) + `,"findings":[{"code":"` + hard + `"}]}`},
		"in a challenge": {200, jsonType, `{` + goodAttempt + `,"challenges":[{"id":"a","type":"phoneCode","message":"` + hard + `"}]}`},
		"in a refusal":   {422, problemType, `{"title":"","status":422,"code":"content",` + told(hard) + `}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := serve(t, answering(test.status, test.contentType, test.body)).File(testContext(t), testFiling, 1, testSubmission())
			trouble := wantTrouble(t, err, lifecycle.TroubleInvalid)
			if !strings.Contains(trouble.Message, "longer than") {
				t.Errorf("message %q does not say why", trouble.Message)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	t.Run("and those that the contract allows are cleaned", func(t *testing.T) {
		body := `{` + strings.Replace(goodAttempt, "underReview", "rejected", 1) + `,` + told(fits) + `}`
		got, err := serve(t, answering(200, jsonType, body)).Attempt(testContext(t), testFiling, 1)
		if err != nil || strings.Contains(got.Findings[0].Message, "E12345678") {
			t.Errorf("Attempt = %+v, %v", got, err)
		}
	})
}
