/** Shapes of the results of commands, as help shows them. */
export const blockResults: Readonly<Record<string, string>> = {
  getblockheader: `Result (for verbose = true):
{  (json object)
  "hash" : "hex",  (string)
  "confirmations" : n,  (numeric)
  "height" : n,  (numeric)
  "version" : n,  (numeric)
  "versionHex" : "hex",  (string)
  "merkleroot" : "hex",  (string)
  "time" : xxx,  (numeric)
  "mediantime" : xxx,  (numeric)
  "nonce" : n,  (numeric)
  "bits" : "hex",  (string)
  "target" : "hex",  (string)
  "difficulty" : n,  (numeric)
  "chainwork" : "hex",  (string)
  "nTx" : n,  (numeric)
  "previousblockhash" : "hex",  (string, optional)
  "nextblockhash" : "hex"  (string, optional)
}

Result (for verbose=false):
"hex"  (string)`,
  getblock: `Result (for verbosity = 0):
"hex"  (string)

Result (for verbosity = 1):
{  (json object)
  "hash" : "hex",  (string)
  "confirmations" : n,  (numeric)
  "size" : n,  (numeric)
  "strippedsize" : n,  (numeric)
  "weight" : n,  (numeric)
  "coinbase_tx" : {  (json object)
    "version" : n,  (numeric)
    "locktime" : n,  (numeric)
    "sequence" : n,  (numeric)
    "coinbase" : "hex",  (string)
    "witness" : "hex"  (string, optional)
  },
  "height" : n,  (numeric)
  "version" : n,  (numeric)
  "versionHex" : "hex",  (string)
  "merkleroot" : "hex",  (string)
  "tx" : [  (json array)
    "hex",  (string)
    ...
  ],
  "time" : xxx,  (numeric)
  "mediantime" : xxx,  (numeric)
  "nonce" : n,  (numeric)
  "bits" : "hex",  (string)
  "target" : "hex",  (string)
  "difficulty" : n,  (numeric)
  "chainwork" : "hex",  (string)
  "nTx" : n,  (numeric)
  "previousblockhash" : "hex",  (string, optional)
  "nextblockhash" : "hex"  (string, optional)
}

Result (for verbosity = 2):
{  (json object)
  ...,
  "tx" : [  (json array)
    {  (json object)
      ...,
      "fee" : n  (numeric)
    },
    ...
  ]
}

Result (for verbosity = 3):
{  (json object)
  ...,
  "tx" : [  (json array)
    {  (json object)
      "vin" : [  (json array)
        {  (json object)
          ...,
          "prevout" : {  (json object)
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
    },
    ...
  ]
}`,
  gettxoutsetinfo: `Result:
{  (json object)
  "height" : n,  (numeric)
  "bestblock" : "hex",  (string)
  "txouts" : n,  (numeric)
  "bogosize" : n,  (numeric)
  "hash_serialized_3" : "hex",  (string, optional)
  "muhash" : "hex",  (string, optional)
  "transactions" : n,  (numeric, optional)
  "disk_size" : n,  (numeric, optional)
  "total_amount" : n,  (numeric)
  "total_unspendable_amount" : n,  (numeric, optional)
  "block_info" : {  (json object, optional)
    "prevout_spent" : n,  (numeric)
    "coinbase" : n,  (numeric)
    "new_outputs_ex_coinbase" : n,  (numeric)
    "unspendable" : n,  (numeric)
    "unspendables" : {  (json object)
      "genesis_block" : n,  (numeric)
      "bip30" : n,  (numeric)
      "scripts" : n,  (numeric)
      "unclaimed_rewards" : n  (numeric)
    }
  }
}`,
  gettxout: `Result (If the UTXO was not found):
null  (json null)

Result (Otherwise):
{  (json object)
  "bestblock" : "hex",  (string)
  "confirmations" : n,  (numeric)
  "value" : n,  (numeric)
  "scriptPubKey" : {  (json object)
    "asm" : "str",  (string)
    "desc" : "str",  (string)
    "hex" : "hex",  (string)
    "type" : "str",  (string)
    "address" : "str"  (string, optional)
  },
  "coinbase" : true|false  (boolean)
}`,
};
