// The numbers of internal/abi, for C. ops.go does not compile where one differs.

#ifndef COGAUTH_GO_OPS_H
#define COGAUTH_GO_OPS_H

enum {
  OP_EdgeKeysRead = 0,
  OP_PeppersRead,
  OP_RootKeysRead,
  OP_RootKeysNew,
  OP_RootKeysEdgeKeys,
  OP_RootKeysPeppers,
  OP_PolicyFromImage,
  OP_PolicyFromDocuments,
  OP_PolicyBuiltin,

  OP_TokenDigest = 32,
  OP_TokenEdgeDigest,
  OP_TokenMint,
  OP_AcceptAtEdge,
  OP_AcceptAtOrigin,
  OP_TextRedact,
  OP_TextRedactDecoding,
  OP_TextScanDecoding,
  OP_RecordIssue,
  OP_RecordRead,
  OP_RecordForEdges,
  OP_RecordForDisplay,
  OP_RecordRevoke,
  OP_RecordRotate,
  OP_RecordRotateWithin,
  OP_RecordUsed,
  OP_RecordMerge,
  OP_EdgeKeysExpose,
  OP_PeppersExpose,
  OP_RootKeysExpose,
  OP_PolicyCheck,
  OP_PolicyWarnings,
  OP_PolicyBundle,
  OP_PolicyImage,
  OP_PolicyDigest,
  OP_PolicyImageDigest,
  OP_PolicyActions,
  OP_PolicyExplain,
  OP_PolicyEvaluate,
  OP_PolicySearchActions,
  OP_PolicyRoute,

  // What only this backend has: the texts of an exchange.
  OP_ExchangeJSON = 128,
  OP_ExchangeRecord,
};

enum {
  KIND_EdgeKeys = 0,
  KIND_Peppers,
  KIND_RootKeys,
  KIND_Policy,
  KIND_Gate,
};

enum {
  ANSWER_Unavailable = 0,
  ANSWER_Absent,
  ANSWER_Found,
};

#endif
