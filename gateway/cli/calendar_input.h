// SPDX-License-Identifier: Apache-2.0
// A year of a calendar as a person writes it: a CSV file.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace zonelink::cli {

// The body of a publication. `csv` begins with the line `date,kind,name`; each further line names a
// day (YYYY-MM-DD), `work` or `rest`, and the holiday in Chinese. `year` 0: that of the days.
// INVALID_ARGUMENT `INPUT_INVALID`, with the line.
Result<std::string> PublicationBody(std::string_view csv, int year, std::string_view note);

// A day or an RFC 3339 time as an instant: of a day its beginning in Shanghai or, where it is the
// last, its end. INVALID_ARGUMENT `INPUT_INVALID`.
Result<std::string> InstantOf(std::string_view text, bool last);

}  // namespace zonelink::cli
