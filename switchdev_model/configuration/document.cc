// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/document.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/configuration/claims.h"
#include "switchdev_model/configuration/port_document.h"
#include "switchdev_model/configuration/reader.h"
#include "switchdev_model/tables/group.h"
#include "switchdev_model/tables/mdb.h"
#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHost[] = "host";

// An entry of the FDB or MDB as it is written: its port may come further down.
struct EntryText {
  std::string place;
  std::optional<Mac> mac;
  std::optional<uint32_t> sfnum;  // none: the host, if has_port
  bool has_port = false;
  std::optional<uint32_t> vlan;
};

absl::Status ReadEntryPort(const Json& json, const std::string& place, EntryText* entry) {
  entry->has_port = true;
  if (json.is_number()) return Number(&entry->sfnum.emplace())(json, place);
  XSW_ASSIGN_OR_RETURN(const std::string word, ReadString(json, place));
  if (word == kHost) return absl::OkStatus();
  return ErrorAt(place, absl::StrCat("\"", word, "\" is neither a port's sfnum nor \"host\""));
}

absl::Status ReadEntryVlan(const Json& json, const std::string& place, EntryText* entry) {
  XSW_RETURN_IF_ERROR(Number(&entry->vlan.emplace())(json, place));
  return CheckVlan(*entry->vlan, absl::StrCat(place, ": vlan"));
}

Reader Entries(const char* key, Reader (*read_mac)(EntryText* entry), std::vector<EntryText>* to) {
  return [=](const Json& list, const std::string& place) {
    return ReadList(list, place, [=](const Json& json, const std::string& at) -> absl::Status {
      EntryText entry{.place = at};
      XSW_RETURN_IF_ERROR(ReadObject(
          json, at,
          {{key, read_mac(&entry)},
           {"port",
            [&](const Json& v, const std::string& p) { return ReadEntryPort(v, p, &entry); }},
           {"vlan",
            [&](const Json& v, const std::string& p) { return ReadEntryVlan(v, p, &entry); }}}));
      if (!entry.mac) return ErrorAt(at, absl::StrCat(key, " is missing"));
      if (!entry.has_port) return ErrorAt(at, "port is missing");
      to->push_back(std::move(entry));
      return absl::OkStatus();
    });
  };
}

Reader ReadAddress(EntryText* entry) {
  return [entry](const Json& json, const std::string& place) -> absl::Status {
    XSW_RETURN_IF_ERROR(Word(ParseMac, &entry->mac)(json, place));
    return CheckUnicast(*entry->mac, absl::StrCat(place, ": address"));
  };
}

Reader ReadGroup(EntryText* entry) {
  return [entry](const Json& json, const std::string& place) -> absl::Status {
    XSW_RETURN_IF_ERROR(Word(ParseGroup, &entry->mac)(json, place));
    return CheckGroup(*entry->mac, absl::StrCat(place, ": ", FormatMac(*entry->mac)));
  };
}

// One eswitch while it is read.
class EswitchReader {
 public:
  EswitchReader(std::string uplink, Document* document)
      : uplink_(std::move(uplink)),
        document_(*document),
        description_(document->configuration[uplink_]) {}

  absl::Status Read(const Json& json, const std::string& place);

 private:
  std::map<std::string, Reader> SettingReaders();
  absl::Status AddPort(const Json& json, const std::string& place);
  absl::Status AddClaims();
  absl::StatusOr<uint16_t> VlanOf(const EntryText& entry) const;
  absl::Status Claim(const AddressClaim& address, const std::string& place);
  absl::Status AddFdb(const EntryText& text);
  absl::Status AddMdb(const EntryText& text);

  std::string uplink_;
  Document& document_;
  Description& description_;
  std::vector<EntryText> fdb_, mdb_;
  absl::flat_hash_map<AddressClaim, std::string> claims_;  // where each address is
};

std::map<std::string, Reader> EswitchReader::SettingReaders() {
  SettingsDescription& settings = description_.settings;
  return {{"mode", Word(ParseMode, &settings.mode)},
          {"xdp", Word(ParseXdp, &settings.xdp)},
          {"rx_path", Word(ParseRxPath, &settings.rx_path)},
          {"host", OnOff(&settings.host)},
          {"miss", Word(ParseMiss, &settings.miss)}};
}

absl::Status EswitchReader::Read(const Json& json, const std::string& place) {
  std::map<std::string, Reader> readers = SettingReaders();
  readers["ports"] = [this](const Json& ports, const std::string& at) {
    return ReadList(ports, at, [this](const Json& port, const std::string& port_place) {
      return AddPort(port, port_place);
    });
  };
  readers["fdb"] = Entries("mac", ReadAddress, &fdb_);
  readers["mdb"] = Entries("group", ReadGroup, &mdb_);
  XSW_RETURN_IF_ERROR(ReadObject(json, place, readers));
  XSW_RETURN_IF_ERROR(AddClaims());
  for (const EntryText& text : fdb_) XSW_RETURN_IF_ERROR(AddFdb(text));
  for (const EntryText& text : mdb_) XSW_RETURN_IF_ERROR(AddMdb(text));
  return absl::OkStatus();
}

absl::Status EswitchReader::AddPort(const Json& json, const std::string& place) {
  XSW_ASSIGN_OR_RETURN(auto port, ReadPort(json, place));
  const auto [there, is_new] = document_.places.try_emplace({uplink_, port.first}, place);
  if (!is_new)
    return ErrorAt(Below(place, "sfnum"),
                   absl::StrCat("sfnum ", port.first, " is that of ", there->second, " too"));
  description_.ports.insert(std::move(port));
  return absl::OkStatus();
}

absl::Status EswitchReader::Claim(const AddressClaim& address, const std::string& place) {
  auto [there, is_new] = claims_.try_emplace(address, place);
  if (is_new) return absl::OkStatus();
  return ErrorAt(place, absl::StrCat("address ", FormatMac(address.first),
                                     address.second ? absl::StrCat(" vlan ", address.second) : "",
                                     " is that of ", there->second, " too"));
}

absl::Status EswitchReader::AddClaims() {
  for (const auto& [sfnum, port] : description_.ports) {
    if (!port.hw_addr) continue;
    const std::string place = Below(document_.places[{uplink_, sfnum}], "hw_addr");
    for (uint16_t vlan : Carried(port.policy.vlans))
      XSW_RETURN_IF_ERROR(Claim({*port.hw_addr, vlan}, place));
  }
  return absl::OkStatus();
}

// As on the command line: the port's own for untagged frames if none is said.
absl::StatusOr<uint16_t> EswitchReader::VlanOf(const EntryText& entry) const {
  const auto said = static_cast<uint16_t>(entry.vlan.value_or(0));
  if (!entry.sfnum) return said;
  auto port = description_.ports.find(*entry.sfnum);
  if (port == description_.ports.end())
    return ErrorAt(Below(entry.place, "port"),
                   absl::StrCat("no port of this eswitch has sfnum ", *entry.sfnum, " here"));
  const PortVlans& vlans = port->second.policy.vlans;
  const uint16_t vlan = entry.vlan ? said : vlans.pvid;
  if (vlan == XSW_VLAN_NONE)
    return ErrorAt(entry.place, "its port is a trunk without pvid, say in which vlan");
  if (Carries(vlans, vlan)) return vlan;
  return ErrorAt(entry.place, absl::StrCat("its port does not carry VLAN ", vlan));
}

absl::Status EswitchReader::AddFdb(const EntryText& text) {
  XSW_ASSIGN_OR_RETURN(const uint16_t vlan, VlanOf(text));
  XSW_RETURN_IF_ERROR(Claim({*text.mac, vlan}, text.place));
  description_.fdb.insert({text.sfnum, *text.mac, vlan});
  return absl::OkStatus();
}

absl::Status EswitchReader::AddMdb(const EntryText& text) {
  if (!text.sfnum)
    return ErrorAt(Below(text.place, "port"), "the uplink and the host get every group");
  XSW_ASSIGN_OR_RETURN(const uint16_t vlan, VlanOf(text));
  if (!description_.mdb.insert({*text.mac, vlan, *text.sfnum}).second)
    return ErrorAt(text.place, "comes twice");
  return absl::OkStatus();
}

Json WriteEntry(const char* key, const Mac& mac, const Json& port, uint16_t vlan) {
  Json json = {{key, FormatMac(mac)}, {"port", port}};
  if (vlan) json["vlan"] = vlan;
  return json;
}

Json WriteEswitch(const Description& description) {
  const SettingsDescription fresh;
  const SettingsDescription& settings = description.settings;
  Json json = Json::object();
  if (settings.mode != fresh.mode) json["mode"] = ModeWord(settings.mode);
  if (settings.xdp != fresh.xdp) json["xdp"] = XdpWord(settings.xdp);
  if (settings.rx_path != fresh.rx_path) json["rx_path"] = RxPathWord(settings.rx_path);
  if (settings.host != fresh.host) json["host"] = settings.host;
  if (settings.miss != fresh.miss) json["miss"] = MissWord(settings.miss);
  for (const auto& [sfnum, port] : description.ports)
    json["ports"].push_back(WritePort(sfnum, port));
  for (const FdbDescription& entry : description.fdb) {
    const Json port = entry.sfnum ? Json(*entry.sfnum) : Json(kHost);
    json["fdb"].push_back(WriteEntry("mac", entry.mac, port, entry.vlan));
  }
  for (const MdbDescription& entry : description.mdb)
    json["mdb"].push_back(WriteEntry("group", entry.group, entry.sfnum, entry.vlan));
  return json;
}

}  // namespace

absl::StatusOr<Document> ParseDocument(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const Json json, ParseJson(text));
  Document document;
  bool has_eswitches = false;
  const auto read = [&](const std::string& uplink, const Json& eswitch, const std::string& place) {
    return EswitchReader(uplink, &document).Read(eswitch, place);
  };
  std::string schema;
  const auto same = [](const std::string& uri) -> absl::StatusOr<std::string> { return uri; };
  XSW_RETURN_IF_ERROR(ReadObject(json, "",
                                 {{"$schema", Word(same, &schema)},
                                  {"eswitch", [&](const Json& eswitches, const std::string& place) {
                                     has_eswitches = true;
                                     return ReadMembers(eswitches, place, read);
                                   }}}));
  if (!has_eswitches) return ErrorAt("", "eswitch is missing");
  return document;
}

std::string FormatDocument(const Configuration& configuration, int indent) {
  Json json;
  Json& eswitches = json["eswitch"] = Json::object();
  for (const auto& [uplink, description] : configuration)
    eswitches[uplink] = WriteEswitch(description);
  return json.dump(indent, ' ', true, Json::error_handler_t::replace);
}

}  // namespace xsw
