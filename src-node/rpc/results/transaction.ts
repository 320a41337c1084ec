/** Shapes of the results of commands, as help shows them. */
export const transactionResults: Readonly<Record<string, string>> = {
  sendrawtransaction: `Result:
"hex"  (string)`,
  testmempoolaccept: `Result:
[  (json array)
  {  (json object)
    "txid" : "hex",  (string)
    "wtxid" : "hex",  (string)
    "package-error" : "str",  (string, optional)
    "allowed" : true|false,  (boolean, optional)
    "vsize" : n,  (numeric, optional)
    "fees" : {  (json object, optional)
      "base" : n,  (numeric)
      "effective-feerate" : n,  (numeric)
      "effective-includes" : [  (json array)
        "hex",  (string)
        ...
      ]
    },
    "reject-reason" : "str",  (string, optional)
    "reject-details" : "str"  (string, optional)
  },
  ...
]`,
  getrawtransaction: `Result (if verbosity is not set or set to 0):
"str"  (string)

Result (if verbosity is set to 1):
{  (json object)
  "in_active_chain" : true|false,  (boolean, optional)
  "blockhash" : "hex",  (string, optional)
  "confirmations" : n,  (numeric, optional)
  "blocktime" : xxx,  (numeric, optional)
  "time" : n,  (numeric, optional)
  "hex" : "hex",  (string)
  "txid" : "hex",  (string)
  "hash" : "hex",  (string)
  "size" : n,  (numeric)
  "vsize" : n,  (numeric)
  "weight" : n,  (numeric)
  "version" : n,  (numeric)
  "locktime" : xxx,  (numeric)
  "vin" : [  (json array)
    {  (json object)
      "coinbase" : "hex",  (string, optional)
      "txid" : "hex",  (string, optional)
      "vout" : n,  (numeric, optional)
      "scriptSig" : {  (json object, optional)
        "asm" : "str",  (string)
        "hex" : "hex"  (string)
      },
      "txinwitness" : [  (json array, optional)
        "hex",  (string)
        ...
      ],
      "sequence" : n  (numeric)
    },
    ...
  ],
  "vout" : [  (json array)
    {  (json object)
      "value" : n,  (numeric)
      "n" : n,  (numeric)
      "scriptPubKey" : {  (json object)
        "asm" : "str",  (string)
        "desc" : "str",  (string)
        "hex" : "hex",  (string)
        "address" : "str",  (string, optional)
        "type" : "str"  (string)
      }
    },
    ...
  ]
}

Result (for verbosity = 2):
{  (json object)
  ...,
  "fee" : n,  (numeric, optional)
  "vin" : [  (json array)
    {  (json object)
      ...,
      "prevout" : {  (json object, optional)
        "generated" : true|false,  (boolean)
        "height" : n,  (numeric)
        "value" : n,  (numeric)
        "scriptPubKey" : {  (json object)
          "asm" : "str",  (string)
          "desc" : "str",  (string)
          "hex" : "hex",  (string)
          "address" : "str",  (string, optional)
          "type" : "str"  (string)
        }
      }
    },
    ...
  ]
}`,
  decoderawtransaction: `Result:
{  (json object)
  "txid" : "hex",  (string)
  "hash" : "hex",  (string)
  "size" : n,  (numeric)
  "vsize" : n,  (numeric)
  "weight" : n,  (numeric)
  "version" : n,  (numeric)
  "locktime" : xxx,  (numeric)
  "vin" : [  (json array)
    {  (json object)
      "coinbase" : "hex",  (string, optional)
      "txid" : "hex",  (string, optional)
      "vout" : n,  (numeric, optional)
      "scriptSig" : {  (json object, optional)
        "asm" : "str",  (string)
        "hex" : "hex"  (string)
      },
      "txinwitness" : [  (json array, optional)
        "hex",  (string)
        ...
      ],
      "sequence" : n  (numeric)
    },
    ...
  ],
  "vout" : [  (json array)
    {  (json object)
      "value" : n,  (numeric)
      "n" : n,  (numeric)
      "scriptPubKey" : {  (json object)
        "asm" : "str",  (string)
        "desc" : "str",  (string)
        "hex" : "hex",  (string)
        "address" : "str",  (string, optional)
        "type" : "str"  (string)
      }
    },
    ...
  ]
}`,
  decodescript: `Result:
{  (json object)
  "asm" : "str",  (string)
  "desc" : "str",  (string)
  "type" : "str",  (string)
  "address" : "str",  (string, optional)
  "p2sh" : "str",  (string, optional)
  "segwit" : {  (json object, optional)
    "asm" : "str",  (string)
    "hex" : "hex",  (string)
    "type" : "str",  (string)
    "address" : "str",  (string, optional)
    "desc" : "str",  (string)
    "p2sh-segwit" : "str"  (string)
  }
}`,
};
