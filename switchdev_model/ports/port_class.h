// SPDX-License-Identifier: Apache-2.0
// What is special to a class of port. All of it stands in one file for each class, class_NAME.cc;
// who deals with ports asks the port's class instead of looking which one it is.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_PORT_CLASS_H_
#define XSW_SWITCHDEV_MODEL_PORTS_PORT_CLASS_H_

#include <optional>
#include <string>

#include "abi.h"
#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/function_change.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port_info.h"
#include "switchdev_model/ports/undo.h"
#include "userspace/netdev.h"

namespace xsw {

// Those of XSW_PORT_* that say what class a port is.
inline constexpr uint16_t kClassFlags = XSW_PORT_QUEUES;

class PortClass {
 public:
  // Of the class itself.
  struct Facts {
    uint16_t flags;   // XSW_PORT_*, by which the programs know the class
    const char* xdp;  // the program on the representor's XDP hook; null: none
    bool parks;       // its function end waits in the eswitch's private namespace while inactive
    bool has_stack;   // frames to the function end up in a kernel's stack
  };
  explicit constexpr PortClass(const Facts& facts) : facts(facts) {}
  PortClass(const PortClass&) = delete;
  virtual ~PortClass() = default;
  const Facts facts;

  // Which words the class takes, in `port add` and in `port function set` of a port that exists.
  // what is "port eth0/1", for errors.
  virtual absl::Status CheckWords(const FunctionChange& change, const std::string& what) const = 0;
  virtual absl::Status CheckChange(Eswitch& eswitch, uint32_t port, const Link& representor,
                                   const FunctionChange& change, const std::string& what) const = 0;

  // Where the function end belongs by this conf. None: the class makes a place of its own.
  virtual absl::StatusOr<std::optional<FunctionPlace>> PlaceBy(Eswitch& eswitch, uint32_t port,
                                                               const xsw_port_conf& conf) const = 0;
  // The same, made if need be.
  virtual absl::StatusOr<FunctionPlace> MakePlace(Eswitch& eswitch, uint32_t port) const = 0;

  // Makes the pair of netdevs. Returns the representor.
  virtual absl::StatusOr<Link> MakePair(Eswitch& eswitch, uint32_t port, const NetdevPair& pair,
                                        const Fd& netns) const = 0;
  // What the class needs beside the pair and the tc programs: before traffic can pass, and once the
  // representor is up. Stop takes all of it away, whatever fails, and returns the first error; what
  // is not there is no error.
  virtual absl::Status Start(Eswitch& eswitch, uint32_t port, const Fd& netns) const = 0;
  virtual absl::Status Finish(Eswitch& eswitch, uint32_t port) const = 0;
  virtual absl::Status Stop(Eswitch& eswitch, uint32_t port) const = 0;

  // Brings the function to where conf, which is the new one already, wants it, and opens or closes
  // the port.
  virtual absl::Status Arrange(Eswitch& eswitch, uint32_t port, const FunctionChange& change,
                               const std::string& what, Undo& undo) const = 0;
  // The port has another owner: what the former one has in his hands is of no use any more.
  virtual absl::Status ShutOut(Eswitch& eswitch, uint32_t port) const = 0;

  // Makes the netdevs anew after both are gone, in their place or where the class waits for it.
  virtual absl::Status Remake(Eswitch& eswitch, uint32_t port) const = 0;
  // Finishes what a killed command has begun of the function, and takes note of what users did to
  // it by hand.
  virtual void Sync(Eswitch& eswitch, uint32_t port, const Link& representor,
                    std::optional<int> parked_nsid) const = 0;

  // Adds what there is to see of this class alone. function: null while it is gone.
  virtual void Describe(const xsw_port_conf& conf, const Link* function, PortInfo* info) const = 0;

  // Netdevs and programs in the place that MakePlace() says, open if the port's user wants it
  // active.
  absl::Status MakeInPlace(Eswitch& eswitch, uint32_t port) const;
};

// One object for each class: class_netdev.cc, class_queues.cc.
const PortClass& NetdevClass();
const PortClass& QueuesClass();

const PortClass& ClassOf(xsw_class port_class);
const PortClass& ClassOf(Eswitch& eswitch, uint32_t port);

// There is a place for its netdevs: a class that parks always has one, another waits for the
// namespace that its user has named.
bool HasPlace(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_PORT_CLASS_H_
