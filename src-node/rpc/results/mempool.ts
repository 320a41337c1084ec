/** Ancestors and descendants are told in the same form. */
const relatives = `Result (for verbose = false):
[  (json array)
  "hex",  (string)
  ...
]

Result (for verbose = true):
{  (json object)
  "transactionid" : {  (json object)
    "vsize" : n,  (numeric)
    "weight" : n,  (numeric)
    "time" : xxx,  (numeric)
    "height" : n,  (numeric)
    "descendantcount" : n,  (numeric)
    "descendantsize" : n,  (numeric)
    "ancestorcount" : n,  (numeric)
    "ancestorsize" : n,  (numeric)
    "chunkweight" : n,  (numeric)
    "wtxid" : "hex",  (string)
    "fees" : {  (json object)
      "base" : n,  (numeric)
      "modified" : n,  (numeric)
      "ancestor" : n,  (numeric)
      "descendant" : n,  (numeric)
      "chunk" : n  (numeric)
    },
    "depends" : [  (json array)
      "hex",  (string)
      ...
    ],
    "spentby" : [  (json array)
      "hex",  (string)
      ...
    ],
    "bip125-replaceable" : true|false,  (boolean)
    "unbroadcast" : true|false  (boolean)
  },
  ...
}`;

/** Shapes of the results of commands, as help shows them. */
export const mempoolResults: Readonly<Record<string, string>> = {
  getmempoolinfo: `Result:
{  (json object)
  "loaded" : true|false,  (boolean)
  "size" : n,  (numeric)
  "bytes" : n,  (numeric)
  "usage" : n,  (numeric)
  "total_fee" : n,  (numeric)
  "maxmempool" : n,  (numeric)
  "mempoolminfee" : n,  (numeric)
  "minrelaytxfee" : n,  (numeric)
  "incrementalrelayfee" : n,  (numeric)
  "unbroadcastcount" : n,  (numeric)
  "fullrbf" : true|false,  (boolean)
  "permitbaremultisig" : true|false,  (boolean)
  "maxdatacarriersize" : n,  (numeric)
  "limitclustercount" : n,  (numeric)
  "limitclustersize" : n,  (numeric)
  "optimal" : true|false  (boolean)
}`,
  getrawmempool: `Result (for verbose = false):
[  (json array)
  "hex",  (string)
  ...
]

Result (for verbose = true):
{  (json object)
  "transactionid" : {  (json object)
    "vsize" : n,  (numeric)
    "weight" : n,  (numeric)
    "time" : xxx,  (numeric)
    "height" : n,  (numeric)
    "descendantcount" : n,  (numeric)
    "descendantsize" : n,  (numeric)
    "ancestorcount" : n,  (numeric)
    "ancestorsize" : n,  (numeric)
    "chunkweight" : n,  (numeric)
    "wtxid" : "hex",  (string)
    "fees" : {  (json object)
      "base" : n,  (numeric)
      "modified" : n,  (numeric)
      "ancestor" : n,  (numeric)
      "descendant" : n,  (numeric)
      "chunk" : n  (numeric)
    },
    "depends" : [  (json array)
      "hex",  (string)
      ...
    ],
    "spentby" : [  (json array)
      "hex",  (string)
      ...
    ],
    "bip125-replaceable" : true|false,  (boolean)
    "unbroadcast" : true|false  (boolean)
  },
  ...
}

Result (for verbose = false and mempool_sequence = true):
{  (json object)
  "txids" : [  (json array)
    "hex",  (string)
    ...
  ],
  "mempool_sequence" : n  (numeric)
}`,
  getmempoolentry: `Result:
{  (json object)
  "vsize" : n,  (numeric)
  "weight" : n,  (numeric)
  "time" : xxx,  (numeric)
  "height" : n,  (numeric)
  "descendantcount" : n,  (numeric)
  "descendantsize" : n,  (numeric)
  "ancestorcount" : n,  (numeric)
  "ancestorsize" : n,  (numeric)
  "chunkweight" : n,  (numeric)
  "wtxid" : "hex",  (string)
  "fees" : {  (json object)
    "base" : n,  (numeric)
    "modified" : n,  (numeric)
    "ancestor" : n,  (numeric)
    "descendant" : n,  (numeric)
    "chunk" : n  (numeric)
  },
  "depends" : [  (json array)
    "hex",  (string)
    ...
  ],
  "spentby" : [  (json array)
    "hex",  (string)
    ...
  ],
  "bip125-replaceable" : true|false,  (boolean)
  "unbroadcast" : true|false  (boolean)
}`,
  getmempoolancestors: relatives,
  getmempooldescendants: relatives,
  gettxspendingprevout: `Result:
[  (json array)
  {  (json object)
    "txid" : "hex",  (string)
    "vout" : n,  (numeric)
    "spendingtxid" : "hex",  (string, optional)
    "spendingtx" : "hex",  (string, optional)
    "blockhash" : "hex"  (string, optional)
  },
  ...
]`,
  prioritisetransaction: `Result:
true|false  (boolean)`,
  getprioritisedtransactions: `Result:
{  (json object)
  "<transactionid>" : {  (json object)
    "fee_delta" : n,  (numeric)
    "in_mempool" : true|false,  (boolean)
    "modified_fee" : n  (numeric, optional)
  },
  ...
}`,
};
