/** Shapes of the results of commands, as help shows them. */
export const networkResults: Readonly<Record<string, string>> = {
  getnetworkinfo: `Result:
{  (json object)
  "version" : n,  (numeric)
  "subversion" : "str",  (string)
  "protocolversion" : n,  (numeric)
  "localservices" : "hex",  (string)
  "localservicesnames" : [  (json array)
    "str",  (string)
    ...
  ],
  "localrelay" : true|false,  (boolean)
  "timeoffset" : n,  (numeric)
  "connections" : n,  (numeric)
  "connections_in" : n,  (numeric)
  "connections_out" : n,  (numeric)
  "networkactive" : true|false,  (boolean)
  "networks" : [  (json array)
    {  (json object)
      "name" : "str",  (string)
      "limited" : true|false,  (boolean)
      "reachable" : true|false,  (boolean)
      "proxy" : "str",  (string)
      "proxy_randomize_credentials" : true|false  (boolean)
    },
    ...
  ],
  "relayfee" : n,  (numeric)
  "incrementalfee" : n,  (numeric)
  "localaddresses" : [  (json array)
    {  (json object)
      "address" : "str",  (string)
      "port" : n,  (numeric)
      "score" : n  (numeric)
    },
    ...
  ],
  "warnings" : [  (json array)
    "str",  (string)
    ...
  ]
}`,
  getpeerinfo: `Result:
[  (json array)
  {  (json object)
    "id" : n,  (numeric)
    "addr" : "str",  (string)
    "addrbind" : "str",  (string, optional)
    "addrlocal" : "str",  (string, optional)
    "network" : "str",  (string)
    "mapped_as" : n,  (numeric, optional)
    "services" : "hex",  (string)
    "servicesnames" : [  (json array)
      "str",  (string)
      ...
    ],
    "relaytxes" : true|false,  (boolean)
    "last_inv_sequence" : n,  (numeric)
    "inv_to_send" : n,  (numeric)
    "lastsend" : xxx,  (numeric)
    "lastrecv" : xxx,  (numeric)
    "last_transaction" : xxx,  (numeric)
    "last_block" : xxx,  (numeric)
    "bytessent" : n,  (numeric)
    "bytesrecv" : n,  (numeric)
    "conntime" : xxx,  (numeric)
    "timeoffset" : n,  (numeric)
    "pingtime" : n,  (numeric, optional)
    "minping" : n,  (numeric, optional)
    "pingwait" : n,  (numeric, optional)
    "version" : n,  (numeric)
    "subver" : "str",  (string)
    "inbound" : true|false,  (boolean)
    "bip152_hb_to" : true|false,  (boolean)
    "bip152_hb_from" : true|false,  (boolean)
    "startingheight" : n,  (numeric, optional)
    "presynced_headers" : n,  (numeric)
    "synced_headers" : n,  (numeric)
    "synced_blocks" : n,  (numeric)
    "inflight" : [  (json array)
      n,  (numeric)
      ...
    ],
    "addr_relay_enabled" : true|false,  (boolean)
    "addr_processed" : n,  (numeric)
    "addr_rate_limited" : n,  (numeric)
    "permissions" : [  (json array)
      "str",  (string)
      ...
    ],
    "minfeefilter" : n,  (numeric)
    "bytessent_per_msg" : {  (json object)
      "msg" : n,  (numeric)
      ...
    },
    "bytesrecv_per_msg" : {  (json object)
      "msg" : n,  (numeric)
      ...
    },
    "connection_type" : "str",  (string)
    "transport_protocol_type" : "str",  (string)
    "session_id" : "str"  (string)
  },
  ...
]`,
  getconnectioncount: `Result:
n  (numeric)`,
  getnettotals: `Result:
{  (json object)
  "totalbytesrecv" : n,  (numeric)
  "totalbytessent" : n,  (numeric)
  "timemillis" : xxx,  (numeric)
  "uploadtarget" : {  (json object)
    "timeframe" : n,  (numeric)
    "target" : n,  (numeric)
    "target_reached" : true|false,  (boolean)
    "serve_historical_blocks" : true|false,  (boolean)
    "bytes_left_in_cycle" : n,  (numeric)
    "time_left_in_cycle" : n  (numeric)
  }
}`,
  addnode: `Result:
null  (json null)`,
  disconnectnode: `Result:
null  (json null)`,
  getaddednodeinfo: `Result:
[  (json array)
  {  (json object)
    "addednode" : "str",  (string)
    "connected" : true|false,  (boolean)
    "addresses" : [  (json array)
      {  (json object)
        "address" : "str",  (string)
        "connected" : "str"  (string)
      },
      ...
    ]
  },
  ...
]`,
  setnetworkactive: `Result:
true|false  (boolean)`,
  ping: `Result:
null  (json null)`,
  listbanned: `Result:
[  (json array)
  {  (json object)
    "address" : "str",  (string)
    "ban_created" : xxx,  (numeric)
    "banned_until" : xxx,  (numeric)
    "ban_duration" : xxx,  (numeric)
    "time_remaining" : xxx  (numeric)
  },
  ...
]`,
  setban: `Result:
null  (json null)`,
  clearbanned: `Result:
null  (json null)`,
};
