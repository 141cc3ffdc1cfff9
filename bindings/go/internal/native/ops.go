//go:build cogauth_cgo

package native

// #include "ops.h"
import "C"

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Each is a negative number, and does not compile, where ops.h and internal/abi differ.
const (
	_ = -uint(C.OP_EdgeKeysRead ^ abi.EdgeKeysRead)
	_ = -uint(C.OP_PeppersRead ^ abi.PeppersRead)
	_ = -uint(C.OP_RootKeysRead ^ abi.RootKeysRead)
	_ = -uint(C.OP_RootKeysNew ^ abi.RootKeysNew)
	_ = -uint(C.OP_RootKeysEdgeKeys ^ abi.RootKeysEdgeKeys)
	_ = -uint(C.OP_RootKeysPeppers ^ abi.RootKeysPeppers)
	_ = -uint(C.OP_PolicyFromImage ^ abi.PolicyFromImage)
	_ = -uint(C.OP_PolicyFromDocuments ^ abi.PolicyFromDocuments)
	_ = -uint(C.OP_PolicyBuiltin ^ abi.PolicyBuiltin)
	_ = -uint(C.OP_TokenDigest ^ abi.TokenDigest)
	_ = -uint(C.OP_TokenEdgeDigest ^ abi.TokenEdgeDigest)
	_ = -uint(C.OP_TokenMint ^ abi.TokenMint)
	_ = -uint(C.OP_AcceptAtEdge ^ abi.AcceptAtEdge)
	_ = -uint(C.OP_AcceptAtOrigin ^ abi.AcceptAtOrigin)
	_ = -uint(C.OP_TextRedact ^ abi.TextRedact)
	_ = -uint(C.OP_TextScanDecoding ^ abi.TextScanDecoding)
	_ = -uint(C.OP_RecordIssue ^ abi.RecordIssue)
	_ = -uint(C.OP_RecordRead ^ abi.RecordRead)
	_ = -uint(C.OP_RecordForEdges ^ abi.RecordForEdges)
	_ = -uint(C.OP_RecordForDisplay ^ abi.RecordForDisplay)
	_ = -uint(C.OP_RecordRevoke ^ abi.RecordRevoke)
	_ = -uint(C.OP_RecordRotate ^ abi.RecordRotate)
	_ = -uint(C.OP_RecordRotateWithin ^ abi.RecordRotateWithin)
	_ = -uint(C.OP_RecordUsed ^ abi.RecordUsed)
	_ = -uint(C.OP_RecordMerge ^ abi.RecordMerge)
	_ = -uint(C.OP_EdgeKeysExpose ^ abi.EdgeKeysExpose)
	_ = -uint(C.OP_PeppersExpose ^ abi.PeppersExpose)
	_ = -uint(C.OP_RootKeysExpose ^ abi.RootKeysExpose)
	_ = -uint(C.OP_PolicyCheck ^ abi.PolicyCheck)
	_ = -uint(C.OP_PolicyWarnings ^ abi.PolicyWarnings)
	_ = -uint(C.OP_PolicyBundle ^ abi.PolicyBundle)
	_ = -uint(C.OP_PolicyImage ^ abi.PolicyImage)
	_ = -uint(C.OP_PolicyDigest ^ abi.PolicyDigest)
	_ = -uint(C.OP_PolicyImageDigest ^ abi.PolicyImageDigest)
	_ = -uint(C.OP_PolicyActions ^ abi.PolicyActions)
	_ = -uint(C.OP_PolicyExplain ^ abi.PolicyExplain)
	_ = -uint(C.OP_PolicyEvaluate ^ abi.PolicyEvaluate)
	_ = -uint(C.OP_PolicySearchActions ^ abi.PolicySearchActions)
	_ = -uint(C.OP_PolicyRoute ^ abi.PolicyRoute)
	_ = -uint(C.KIND_EdgeKeys ^ abi.EdgeKeys)
	_ = -uint(C.KIND_Peppers ^ abi.Peppers)
	_ = -uint(C.KIND_RootKeys ^ abi.RootKeys)
	_ = -uint(C.KIND_Policy ^ abi.Policy)
	_ = -uint(C.KIND_Gate ^ abi.Gate)
	_ = -uint(C.ANSWER_Unavailable ^ abi.Unavailable)
	_ = -uint(C.ANSWER_Absent ^ abi.Absent)
	_ = -uint(C.ANSWER_Found ^ abi.Found)
)
