// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	// limit that status never reaches.
	limit = 64 << 10
	// full is what the API server takes in each field of words.
	fullPath, fullMessage = 256, 1024
)

// filled repeats a character up to so many bytes.
func filled(character string, bytes int) string {
	return strings.Repeat(character, bytes/len(character))
}

// wordy are as many findings as are kept, each as long as can be.
func wordy(character string) (findings []v1alpha1.Finding) {
	for i := range v1alpha1.MaxRejectionFindings {
		findings = append(findings, v1alpha1.Finding{
			Code:    filled("Z", 60) + fmt.Sprintf("%04d", i),
			Path:    fmt.Sprintf("%02d", i) + filled(character, fullPath-2),
			Message: fmt.Sprintf("%02d", i) + filled(character, fullMessage-2),
		})
	}
	return findings
}

// burdened has everything else in status at its longest.
func burdened(w *world) {
	s := &w.reg.Status
	for len(s.History) < v1alpha1.MaxHistory {
		s.History = append(s.History, v1alpha1.HistoryEntry{
			Phase: v1alpha1.PhaseUnderReview, Attempt: s.Filing.Attempt, Reason: v1alpha1.ReasonRejectedFinally, Time: metav1.NewTime(w.now),
		})
	}
	s.History[len(s.History)-1].Phase = s.Phase
	for i := range v1alpha1.MaxAnswers {
		s.Filing.Answers = append(s.Filing.Answers, v1alpha1.Answer{ChallengeID: filled("c", 126) + fmt.Sprintf("%02d", i), Digest: filled("a", 256)})
	}
	s.Filing.RegistrarRef, s.Filing.ClaimName, s.Filing.Reference = filled("r", 253), filled("c", 253), filled("<", 128)
	s.Filing.Digest, s.RefusedDigest = filled("d", 256), filled("d", 256)
	due := metav1.NewTime(w.now)
	s.Account = &v1alpha1.AccountStatus{ID: "123456789012", ActivatedTime: &due, SignInURL: filled("u", 256)}
	asked := filled("<", maxAnnotation)
	s.LastHandledResendCodeRequest, s.LastHandledRefreshRequest = asked, asked
	w.reg.Annotations = map[string]string{v1alpha1.RefreshRequestedAtAnnotation: asked, v1alpha1.ResendCodeRequestedAtAnnotation: asked}
}

// hostileWords are characters of one to four bytes, and those that JSON spells out.
var hostileWords = map[string]string{
	"of four bytes": "𠮷", "Chinese": "错", "Latin": "x", "spelled out in JSON": "<", "quoted": `"`,
}

func TestStatusIsUnder64KiBWhateverIsSaid(t *testing.T) {
	for name, character := range hostileWords {
		t.Run("a rejection in words "+name, func(t *testing.T) {
			w := filedWorld(StateRejected, because(wordy(character)...), func(a *Attempt) { a.OmittedFindings = 1 << 20 })
			burdened(w)
			w.then()
			mustBeSmall(t, w)
			if n := len(w.reg.Status.Rejection.Findings); n != v1alpha1.MaxRejectionFindings || len(w.reg.Status.Requirements) != v1alpha1.MaxRequirements {
				t.Errorf("%d findings and %d requirements are left", n, len(w.reg.Status.Requirements))
			}
		})
		t.Run("a preflight in words "+name, func(t *testing.T) {
			var many []Finding
			for _, f := range wordy(character) {
				many = append(many, Finding{Code: f.Code, Severity: v1alpha1.SeverityError, Path: f.Path, Message: f.Message})
			}
			w := filedWorld(StateRejected, because(wordy(character)...)).then(dossierIs(DossierState{Findings: many}))
			burdened(w)
			w.then()
			mustBeSmall(t, w)
		})
		t.Run("challenges in words "+name, func(t *testing.T) {
			var open []Challenge
			for i := range 16 {
				open = append(open, Challenge{
					ID: filled("c", 126) + fmt.Sprintf("%02d", i), Type: v1alpha1.ChallengeDocuments, Message: filled(character, fullMessage), ExpiresTime: monday,
				})
			}
			w := filedWorld(StateUnderReview, asking(open...))
			burdened(w)
			w.then()
			mustBeSmall(t, w)
		})
	}
}

// mustBeSmall also holds that status comes to rest: the next pass writes nothing.
func mustBeSmall(t *testing.T, w *world) {
	t.Helper()
	encoded, err := json.Marshal(&w.reg.Status)
	if err != nil || len(encoded) >= limit {
		t.Errorf("status has %d bytes: %v", len(encoded), err)
	}
	if !utf8.Valid(encoded) {
		t.Error("status is no UTF-8")
	}
	before := w.reg.Status.DeepCopy()
	w.settle()
	if !reflect.DeepEqual(*before, w.reg.Status) {
		t.Error("the next pass writes status again")
	}
}

func TestWordsAreNotShortenedWhileThereIsRoom(t *testing.T) {
	w := filedWorld(StateRejected, because(wordy("x")[:16]...))
	for _, f := range w.reg.Status.Rejection.Findings {
		if len(f.Message) != fullMessage {
			t.Errorf("a message of %d bytes, want %d", len(f.Message), fullMessage)
		}
	}
}

func TestCodesAreNeverShortened(t *testing.T) {
	w := filedWorld(StateRejected, because(wordy("<")...)).then()
	var want []string
	for _, f := range wordy("<") {
		want = append(want, f.Code)
	}
	if got := codes(&w.reg.Status); !slices.Equal(got, want) {
		t.Errorf("requires %v", got)
	}
}

func TestShorteningChangesNothingThatWasObserved(t *testing.T) {
	told := wordy("x")
	filedWorld(StateRejected, because(told...))
	if !reflect.DeepEqual(told, wordy("x")) {
		t.Error("the registrar's own words were changed")
	}
}
