/** Shapes of the results of commands, as help shows them. */
export const chainResults: Readonly<Record<string, string>> = {
  getblockchaininfo: `Result:
{  (json object)
  "chain" : "str",  (string)
  "blocks" : n,  (numeric)
  "headers" : n,  (numeric)
  "bestblockhash" : "str",  (string)
  "bits" : "hex",  (string)
  "target" : "hex",  (string)
  "difficulty" : n,  (numeric)
  "time" : xxx,  (numeric)
  "mediantime" : xxx,  (numeric)
  "verificationprogress" : n,  (numeric)
  "initialblockdownload" : true|false,  (boolean)
  "chainwork" : "hex",  (string)
  "size_on_disk" : n,  (numeric)
  "pruned" : true|false,  (boolean)
  "pruneheight" : n,  (numeric, optional)
  "automatic_pruning" : true|false,  (boolean, optional)
  "prune_target_size" : n,  (numeric, optional)
  "signet_challenge" : "hex",  (string, optional)
  "warnings" : [  (json array)
    "str",  (string)
    ...
  ]
}`,
  getblockcount: `Result:
n  (numeric)`,
  getbestblockhash: `Result:
"hex"  (string)`,
  getblockhash: `Result:
"hex"  (string)`,
  getdifficulty: `Result:
n  (numeric)`,
  getchaintips: `Result:
[  (json array)
  {  (json object)
    "height" : n,  (numeric)
    "hash" : "hex",  (string)
    "branchlen" : n,  (numeric)
    "status" : "str"  (string)
  },
  ...
]`,
  waitfornewblock: `Result:
{  (json object)
  "hash" : "hex",  (string)
  "height" : n  (numeric)
}`,
  waitforblock: `Result:
{  (json object)
  "hash" : "hex",  (string)
  "height" : n  (numeric)
}`,
  waitforblockheight: `Result:
{  (json object)
  "hash" : "hex",  (string)
  "height" : n  (numeric)
}`,
  getdeploymentinfo: `Result:
{  (json object)
  "hash" : "str",  (string)
  "height" : n,  (numeric)
  "script_flags" : [  (json array)
    "str",  (string)
    ...
  ],
  "deployments" : {  (json object)
    "xxxx" : {  (json object)
      "type" : "str",  (string)
      "height" : n,  (numeric, optional)
      "active" : true|false,  (boolean)
      "bip9" : {  (json object, optional)
        "bit" : n,  (numeric, optional)
        "start_time" : xxx,  (numeric)
        "timeout" : xxx,  (numeric)
        "min_activation_height" : n,  (numeric)
        "status" : "str",  (string)
        "since" : n,  (numeric)
        "status_next" : "str",  (string)
        "statistics" : {  (json object, optional)
          "period" : n,  (numeric)
          "threshold" : n,  (numeric, optional)
          "elapsed" : n,  (numeric)
          "count" : n,  (numeric)
          "possible" : true|false  (boolean, optional)
        },
        "signalling" : "str"  (string, optional)
      }
    },
    ...
  }
}`,
};
