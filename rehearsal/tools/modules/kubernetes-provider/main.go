// The Kubernetes provider of Pulumi, from the one version of its module that the Go proxy lists.
package main

import (
	"runtime/debug"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

const module = "github.com/pulumi/pulumi-kubernetes/provider/v4"

// The version that go.mod asks for, without its "v": what the engine is told.
func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	return "0.0.0"
}

func main() {
	// Programs bring their own SDK, so nobody asks for the schema, which the module lacks in the form to embed.
	provider.Serve("kubernetes", version(), []byte("{}"), []byte("{}"))
}
