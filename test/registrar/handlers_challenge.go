// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// supportPlans that can be chosen (FAQ Q10).
var supportPlans = []string{"Basic", "Developer", "Business", "Enterprise"}

const maxTextAnswer = 4 << 10 // bytes

// AnswerChallenge implements contract.ServerInterface.
func (s *Server) AnswerChallenge(w http.ResponseWriter, req *http.Request, key contract.Key, n contract.AttemptNumber, id contract.ChallengeID, digest contract.AnswerDigest, params contract.AnswerChallengeParams) {
	defer drain(req)
	if _, err := s.owned(key, params.XFilingOwner); err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	given, err := readAnswer(req)
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	told, err := s.onChallenge(key, params.XFilingOwner, n, id, func(r *record, a *attempt, c *challenge) (bool, error) {
		return s.take(r, a, c, digest, given)
	})
	s.answer(w, http.StatusOK, told, err)
}

// ResendChallenge implements contract.ServerInterface.
func (s *Server) ResendChallenge(w http.ResponseWriter, _ *http.Request, key contract.Key, n contract.AttemptNumber, id contract.ChallengeID, params contract.ResendChallengeParams) {
	told, err := s.onChallenge(key, params.XFilingOwner, n, id, func(_ *record, _ *attempt, c *challenge) (bool, error) {
		if c.Closed || !c.hasCode() {
			return false, errWrongState
		}
		c.sendCode(s.now().Add(s.config.CodeTTL))
		return true, nil
	})
	s.answer(w, http.StatusOK, told, err)
}

// onChallenge lets change work on a challenge. If it says that it changed something
// that is stored, also along with a refusal: a wrong answer uses up a try.
func (s *Server) onChallenge(key, owner string, n int32, id string, change func(*record, *attempt, *challenge) (bool, error)) (told contract.Attempt, err error) {
	var refusal error
	err = s.store.update(func(t tx) error {
		r, err := s.current(t, key)
		if err != nil {
			return err
		}
		if err := r.checkOwner(owner); err != nil {
			return err
		}
		a := r.attempt(n)
		if a == nil || a.challenge(id) == nil {
			return errUnknown
		}
		changed, no := change(r, a, a.challenge(id))
		if refusal = no; changed {
			err = s.save(t, r, a)
		}
		told = a.wire()
		return err
	})
	if err == nil {
		err = refusal
	}
	return told, err
}

// take judges an answer, and reports whether that changed anything. One that came
// before is judged as it was.
func (s *Server) take(r *record, a *attempt, c *challenge, digest string, given givenAnswer) (changed bool, refusal error) {
	if right, before := c.Verdicts[digest]; before {
		if right {
			return false, nil
		}
		return false, errWrongAnswer
	}
	now := s.now()
	expired := !c.Expires.IsZero() && !now.Before(c.Expires)
	exhausted := c.TriesLeft != nil && *c.TriesLeft == 0
	switch {
	case given.kind != c.Type:
		return false, malformed("The answer is of another type than the challenge.")
	case c.Closed || expired || exhausted || !a.underWay():
		return false, errClosed
	}
	right := given.answers(c)
	c.Verdicts[digest] = right
	if !right {
		if c.TriesLeft != nil {
			*c.TriesLeft--
		}
		return true, errWrongAnswer
	}
	c.Closed = true
	if !a.awaitsAnswers() {
		s.pace.answered(r, a, now)
	}
	return true, nil
}

// givenAnswer is an answer as it came.
type givenAnswer struct {
	kind  string
	text  string
	files []receivedFile
}

// answers says whether it is right.
func (g givenAnswer) answers(c *challenge) bool {
	switch c.Type {
	case emailCode:
		return g.text == EmailCode
	case phoneCode:
		return g.text == PhoneCode
	case supportPlan:
		return slices.Contains(supportPlans, g.text)
	default:
		return len(g.files) > 0 && !slices.ContainsFunc(g.files, func(f receivedFile) bool { return f.finding() != nil })
	}
}

// readAnswer reads an answer in either form.
func readAnswer(req *http.Request) (givenAnswer, error) {
	mediaType, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case err == nil && mediaType == "multipart/form-data":
		return readDocuments(req)
	case err != nil || mediaType != "application/json":
		return givenAnswer{}, malformed("An answer is JSON or multipart/form-data.")
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxTextAnswer+1))
	if err != nil || len(body) > maxTextAnswer {
		return givenAnswer{}, malformed("The answer is too large or broke off.")
	}
	var answer contract.TextAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return givenAnswer{}, malformed("The answer is not the contract's JSON.")
	}
	return givenAnswer{kind: answer.Type, text: answer.Text}, nil
}
