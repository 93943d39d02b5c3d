// SPDX-License-Identifier: Apache-2.0

// Calls libcni as a runtime does: call VERB CONFLIST CONTAINER NETNS IFNAME CACHE [CAPABILITIES], with
// CAPABILITIES as JSON, {"mac": "02:00:00:00:00:07"}. Plugins are found by CNI_PATH. Prints the result of
// ADD.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/containernetworking/cni/libcni"
)

func call(verb string, args []string) error {
	list, err := libcni.ConfListFromFile(args[0])
	if err != nil {
		return err
	}
	runtime := &libcni.RuntimeConf{ContainerID: args[1], NetNS: args[2], IfName: args[3]}
	if len(args) > 5 {
		if err := json.Unmarshal([]byte(args[5]), &runtime.CapabilityArgs); err != nil {
			return err
		}
	}
	cni := libcni.NewCNIConfigWithCacheDir(filepath.SplitList(os.Getenv("CNI_PATH")), args[4], nil)
	ctx := context.Background()
	switch verb {
	case "ADD":
		result, err := cni.AddNetworkList(ctx, list, runtime)
		if err != nil {
			return err
		}
		return result.Print()
	case "CHECK":
		return cni.CheckNetworkList(ctx, list, runtime)
	case "DEL":
		return cni.DelNetworkList(ctx, list, runtime)
	}
	return fmt.Errorf("there is no verb %s", verb)
}

func main() {
	if len(os.Args) < 7 {
		fmt.Fprintln(os.Stderr, "call VERB CONFLIST CONTAINER NETNS IFNAME CACHE [CAPABILITIES]")
		os.Exit(2)
	}
	if err := call(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
