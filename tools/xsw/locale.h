// SPDX-License-Identifier: Apache-2.0
// What the user's terminal can show.
#ifndef XSW_TOOLS_XSW_LOCALE_H_
#define XSW_TOOLS_XSW_LOCALE_H_

#include <langinfo.h>
#include <locale.h>

#include <string>

namespace xsw {

// Whether LC_ALL, LC_CTYPE or LANG say UTF-8; nothing of the process's own locale changes.
inline bool IsUtf8Locale() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (!locale) return false;
  const bool utf8 = std::string(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return utf8;
}

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_LOCALE_H_
