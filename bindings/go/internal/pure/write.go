package pure

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Write makes a call that writes a text.
func (Engine) Write(call *abi.Call[*Handle]) (text []byte, failure *abi.Failure) {
	failure = somewhere(func(i *instance) *abi.Failure {
		var failure *abi.Failure
		text, failure = i.write(call)
		return failure
	})
	return text, failure
}

func (i *instance) write(call *abi.Call[*Handle]) ([]byte, *abi.Failure) {
	var handles [2]int32
	for index, handle := range call.Handles {
		at, failure := handle.in(i)
		if failure != nil {
			return nil, failure
		}
		handles[index] = at
	}
	m, h, n := i.module, handles[0], call.Numbers
	switch call.Op {
	case abi.PolicyImage:
		return i.image(h)
	case abi.RecordIssue:
		draft := int32(i.draft(call, h))
		return i.written(func(text, capacity, length, err int32) int32 {
			return m.Xcogauth_record_issue(draft, text, capacity, length, err)
		})
	case abi.PolicyCheck, abi.PolicyWarnings, abi.PolicyBundle:
		documents, count := i.putSlices(call.Texts), int32(len(call.Texts)/2)
		return i.written(func(text, capacity, length, err int32) int32 {
			switch call.Op {
			case abi.PolicyCheck:
				return m.Xcogauth_policy_check(documents, count, text, capacity, length, err)
			case abi.PolicyWarnings:
				return m.Xcogauth_policy_warnings(documents, count, text, capacity, length, err)
			default:
				return m.Xcogauth_policy_bundle(documents, count, text, capacity, length, err)
			}
		})
	}
	var texts [2][2]int32
	for index, text := range call.Texts {
		texts[index][0], texts[index][1] = i.put(text)
	}
	a, b := texts[0], texts[1]
	return i.written(func(text, capacity, length, err int32) int32 {
		switch call.Op {
		case abi.TokenDigest:
			return m.Xcogauth_token_digest(h, a[0], a[1], b[0], b[1], text, capacity, length, err)
		case abi.TokenEdgeDigest:
			return m.Xcogauth_token_edge_digest(a[0], a[1], b[0], b[1], text, capacity, length, err)
		case abi.TokenMint:
			return m.Xcogauth_token_mint(h, a[0], a[1], int32(n[0]), int32(n[1]), b[0], b[1],
				text, capacity, length, err)
		case abi.AcceptAtEdge:
			return m.Xcogauth_accept_at_edge(h, a[0], a[1], int64(n[0]), b[0], b[1], int64(n[1]),
				text, capacity, length, err)
		case abi.AcceptAtOrigin:
			return m.Xcogauth_accept_at_origin(h, handles[1], a[0], a[1], int64(n[0]), b[0], b[1],
				int64(n[1]), text, capacity, length, err)
		case abi.TextRedact:
			return m.Xcogauth_text_redact(a[0], a[1], text, capacity, length, err)
		case abi.TextRedactDecoding:
			return m.Xcogauth_text_redact_decoding(a[0], a[1], text, capacity, length, err)
		case abi.TextScanDecoding:
			return m.Xcogauth_text_scan_decoding(a[0], a[1], h, text, capacity, length, err)
		case abi.RecordRead:
			return m.Xcogauth_record_read(a[0], a[1], text, capacity, length, err)
		case abi.RecordForEdges:
			return m.Xcogauth_record_for_edges(a[0], a[1], text, capacity, length, err)
		case abi.RecordForDisplay:
			return m.Xcogauth_record_for_display(a[0], a[1], text, capacity, length, err)
		case abi.RecordRevoke:
			return m.Xcogauth_record_revoke(a[0], a[1], int64(n[0]), text, capacity, length, err)
		case abi.RecordRotate:
			return m.Xcogauth_record_rotate(a[0], a[1], b[0], b[1], int64(n[0]), int64(n[1]),
				text, capacity, length, err)
		case abi.RecordRotateWithin:
			return m.Xcogauth_record_rotate_within(a[0], a[1], b[0], b[1], int64(n[0]), int64(n[1]),
				int32(n[2]), int64(n[3]), text, capacity, length, err)
		case abi.RecordUsed:
			return m.Xcogauth_record_used(a[0], a[1], int64(n[0]), text, capacity, length, err)
		case abi.RecordMerge:
			return m.Xcogauth_record_merge(a[0], a[1], b[0], b[1], text, capacity, length, err)
		case abi.EdgeKeysExpose:
			return m.Xcogauth_edge_keys_expose(h, text, capacity, length, err)
		case abi.PeppersExpose:
			return m.Xcogauth_peppers_expose(h, text, capacity, length, err)
		case abi.RootKeysExpose:
			return m.Xcogauth_root_keys_expose(h, text, capacity, length, err)
		case abi.PolicyDigest:
			return m.Xcogauth_policy_digest(h, text, capacity, length, err)
		case abi.PolicyImageDigest:
			return m.Xcogauth_policy_image_digest(h, text, capacity, length, err)
		case abi.PolicyActions:
			return m.Xcogauth_policy_actions(h, text, capacity, length, err)
		case abi.PolicyExplain:
			return m.Xcogauth_policy_explain(h, a[0], a[1], text, capacity, length, err)
		case abi.PolicyEvaluate:
			return m.Xcogauth_policy_evaluate(h, a[0], a[1], text, capacity, length, err)
		case abi.PolicySearchActions:
			return m.Xcogauth_policy_search_actions(h, a[0], a[1], text, capacity, length, err)
		case abi.PolicyRoute:
			return m.Xcogauth_policy_route(h, a[0], a[1], b[0], b[1], text, capacity, length, err)
		default:
			return abi.EInvalidArgument
		}
	})
}

func (i *instance) draft(call *abi.Call[*Handle], peppers int32) uint32 {
	draft := i.zeroed(sizeofDraft)
	for index, field := range []uint32{draftToken, draftPrincipal, draftName, draftMetadata} {
		at, length := i.put(call.Texts[index])
		i.setSlice(draft+field, at, length)
	}
	lists := call.Texts[4:]
	scopes, rest := lists[:call.Numbers[1]], lists[call.Numbers[1]:]
	organizations, addresses := rest[:call.Numbers[5]], rest[call.Numbers[5]:]
	i.setSlice(draft+draftScopes, i.putSlices(scopes), int32(len(scopes)))
	if call.Numbers[0]&abi.DraftOrganizations != 0 {
		i.setSlice(draft+draftOrganizations, i.putSlices(organizations), int32(len(organizations)))
	}
	if call.Numbers[0]&abi.DraftAddresses != 0 {
		i.setSlice(draft+draftAddresses, i.putSlices(addresses), int32(len(addresses)))
	}
	i.set32(draft+draftPeppers, uint32(peppers))
	i.set32(draft+draftFlags, uint32(call.Numbers[0]))
	i.set64(draft+draftCreatedAt, call.Numbers[2])
	i.set64(draft+draftNotBefore, call.Numbers[3])
	i.set64(draft+draftExpiresAt, call.Numbers[4])
	return draft
}
