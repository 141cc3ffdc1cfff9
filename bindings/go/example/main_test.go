package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// TestTheServer calls it over a socket: a refused request, an allowed one, a denied one, and one
// for which a store is down.
func TestTheServer(t *testing.T) {
	fixture, err := readFixture("../../bench/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	handler, err := newServer(fixture)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	bearer := authorization(t)
	for _, call := range []struct {
		name, method, target, authorization string
		status                              int
		code, body                          string
	}{
		{"refused", "GET", "/v3/organizations/org-a/sessions", "", 401, "missing_credential", ""},
		{"allowed", "GET", "/v3/organizations/org-a/sessions", bearer, 200, "",
			"su_ci may ViewOrgSessions in org-a\n"},
		{"denied", "GET", "/v3/enterprise/audit-logs", bearer, 403, "denied", ""},
		{"a store is down", "GET", "/v3/organizations/down/sessions", bearer, 503, "unavailable", ""},
	} {
		t.Run(call.name, func(t *testing.T) {
			request, err := http.NewRequest(call.method, server.URL+call.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if call.authorization != "" {
				request.Header.Set("Authorization", call.authorization)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != call.status || call.body != "" && string(body) != call.body {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
			if call.status == 200 {
				return
			}
			problem := struct {
				Status int
				Code   string
			}{}
			if err := json.Unmarshal(body, &problem); err != nil || problem.Status != call.status ||
				problem.Code != call.code {
				t.Errorf("%s", body)
			}
			if (response.Header.Get("WWW-Authenticate") != "") != (call.status == 401) {
				t.Errorf("%v", response.Header)
			}
		})
	}
}

func authorization(t *testing.T) string {
	text, err := os.ReadFile("../../bench/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct{ Authorization string }
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	return in.Authorization
}
