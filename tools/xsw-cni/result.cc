// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/result.h"

#include <map>

#include "tools/xsw-cni/version.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

absl::Status ReadAddress(const Json& json, const std::string& place, Given* given) {
  std::optional<IpPrefix> address;
  std::optional<IpAddress> gateway;
  XSW_RETURN_IF_ERROR(
      ReadKnown(json, place,
                {{"address", Word(ParsePrefix, &address)}, {"gateway", Word(ParseIp, &gateway)}}));
  if (!address) return ErrorAt(place, "address is missing");
  given->addresses.push_back({*address, gateway});
  return absl::OkStatus();
}

// The way to it where the route itself names none.
IpAddress GatewayFor(const Route& route, const Given& given) {
  for (const GivenAddress& it : given.addresses)
    if (it.gateway && it.gateway->is_v4() == route.to.ip.is_v4()) return *it.gateway;
  return {};
}

absl::Status ReadRoute(const Json& json, const std::string& place, Given* given) {
  std::optional<IpPrefix> to;
  std::optional<IpAddress> via;
  Route route;
  XSW_RETURN_IF_ERROR(ReadKnown(json, place,
                                {{"dst", Word(ParsePrefix, &to)},
                                 {"gw", Word(ParseIp, &via)},
                                 {"mtu", Number(&route.mtu)},
                                 {"advmss", Number(&route.advmss)},
                                 {"priority", Number(&route.metric)},
                                 {"table", Number(&route.table)},
                                 {"scope", UpTo(UINT8_MAX, &route.scope)}}));
  if (!to) return ErrorAt(place, "dst is missing");
  route.to = *to;
  route.via = via ? *via : GatewayFor(route, *given);
  given->routes.push_back(route);
  return absl::OkStatus();
}

// Of the version before 1.1.0: what only that knows of a route goes.
Json RoutesFor(const std::string& version, const Json& routes) {
  if (!IsBefore(version, "1.1.0")) return routes;
  Json all = Json::array();
  for (const Json& route : routes) {
    Json& kept = all.emplace_back(Json::object());
    for (const char* key : {"dst", "gw"})
      if (route.contains(key)) kept[key] = route[key];
  }
  return all;
}

Json ToJson(const Interface& interface, const std::string& version) {
  Json json = {{"name", interface.name}, {"mac", FormatMac(interface.mac)}};
  if (!interface.sandbox.empty()) json["sandbox"] = interface.sandbox;
  if (IsBefore(version, "1.1.0")) return json;
  if (interface.mtu) json["mtu"] = interface.mtu;
  if (!interface.socket_path.empty()) json["socketPath"] = interface.socket_path;
  return json;
}

Json ToJson(const GivenAddress& given, size_t interface, const std::string& version) {
  Json json = Json::object();
  if (IsBefore(version, "1.0.0")) json["version"] = given.address.ip.is_v4() ? "4" : "6";
  json["interface"] = interface;
  json["address"] = FormatPrefix(given.address);
  if (given.gateway) json["gateway"] = FormatIp(*given.gateway);
  return json;
}

}  // namespace

absl::Status CheckDns(const Json& json, const std::string& place) {
  std::string text;
  const Reader read = Text(&text);
  const auto list = [&read](const Json& value, const std::string& at) {
    return value.is_null() ? absl::OkStatus() : ReadList(value, at, read);
  };
  return ReadKnown(json, place,
                   {{"nameservers", list}, {"search", list}, {"options", list}, {"domain", read}});
}

absl::StatusOr<Given> ReadGiven(const Json& json) {
  Given given{.json = json};
  if (!json.is_object()) return ErrorAt("", "is no object");
  if (json.contains("dns")) XSW_RETURN_IF_ERROR(CheckDns(json["dns"], "/dns"));
  if (json.contains("ips"))
    XSW_RETURN_IF_ERROR(
        ReadList(json["ips"], "/ips", [&](const Json& value, const std::string& place) {
          return ReadAddress(value, place, &given);
        }));
  // Addresses first: routes may need a gateway of theirs.
  if (json.contains("routes") && !json["routes"].is_null())
    XSW_RETURN_IF_ERROR(
        ReadList(json["routes"], "/routes", [&](const Json& value, const std::string& place) {
          return ReadRoute(value, place, &given);
        }));
  return given;
}

Json MakeResult(const std::string& version, const std::vector<Interface>& interfaces,
                const Given& given) {
  Json result = {{"cniVersion", version}};
  for (const Interface& interface : interfaces)
    result["interfaces"].push_back(ToJson(interface, version));
  for (const GivenAddress& it : given.addresses)
    result["ips"].push_back(ToJson(it, interfaces.size() - 1, version));
  if (!given.routes.empty()) result["routes"] = RoutesFor(version, given.json["routes"]);
  result["dns"] = given.json.value("dns", Json::object());
  return result;
}

}  // namespace xsw::cni
