/** Shapes of the results of commands, as help shows them. */
export const utilityResults: Readonly<Record<string, string>> = {
  validateaddress: `Result:
{  (json object)
  "isvalid" : true|false,  (boolean)
  "address" : "str",  (string, optional)
  "scriptPubKey" : "hex",  (string, optional)
  "isscript" : true|false,  (boolean, optional)
  "iswitness" : true|false,  (boolean, optional)
  "witness_version" : n,  (numeric, optional)
  "witness_program" : "hex",  (string, optional)
  "error" : "str",  (string, optional)
  "error_locations" : [  (json array, optional)
    n,  (numeric)
    ...
  ]
}`,
  getdescriptorinfo: `Result:
{  (json object)
  "descriptor" : "str",  (string)
  "multipath_expansion" : [  (json array, optional)
    "str",  (string)
    ...
  ],
  "checksum" : "str",  (string)
  "isrange" : true|false,  (boolean)
  "issolvable" : true|false,  (boolean)
  "hasprivatekeys" : true|false  (boolean)
}`,
  deriveaddresses: `Result (for single derivation descriptors):
[  (json array)
  "str",  (string)
  ...
]

Result (for multipath descriptors):
[  (json array)
  [  (json array)
    "str",  (string)
    ...
  ],
  ...
]`,
  estimatesmartfee: `Result:
{  (json object)
  "feerate" : n,  (numeric, optional)
  "errors" : [  (json array, optional)
    "str",  (string)
    ...
  ],
  "blocks" : n  (numeric)
}`,
  help: `Result:
"str"  (string)`,
  stop: `Result:
"str"  (string)`,
  uptime: `Result:
n  (numeric)`,
  getrpcinfo: `Result:
{  (json object)
  "active_commands" : [  (json array)
    {  (json object)
      "method" : "str",  (string)
      "duration" : n  (numeric)
    },
    ...
  ],
  "logpath" : "str"  (string)
}`,
  getmemoryinfo: `Result (mode "stats"):
{  (json object)
  "locked" : {  (json object)
    "used" : n,  (numeric)
    "free" : n,  (numeric)
    "total" : n,  (numeric)
    "locked" : n,  (numeric)
    "chunks_used" : n,  (numeric)
    "chunks_free" : n  (numeric)
  }
}

Result (mode "mallocinfo"):
"str"  (string)`,
  logging: `Result:
{  (json object)
  "category" : true|false,  (boolean)
  ...
}`,
  getindexinfo: `Result:
{  (json object)
  "name" : {  (json object)
    "synced" : true|false,  (boolean)
    "best_block_height" : n  (numeric)
  },
  ...
}`,
};
