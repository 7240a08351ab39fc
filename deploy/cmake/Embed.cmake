# SPDX-License-Identifier: Apache-2.0
# Writes OUT: a header with the FILES as constants {name, contents} in NAMESPACE::kFiles.
# Contents are split into raw strings below the compiler's limit of 64 KiB per literal.
get_filename_component(folder ${OUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
set(text "// Generated from the named files; do not edit.\n#pragma once\n\n#include <string_view>\n\n")
string(APPEND text "namespace ${NAMESPACE} {\n\nstruct EmbeddedFile {\n  std::string_view name;\n  std::string_view contents;\n};\n\n")
string(APPEND text "inline constexpr EmbeddedFile kFiles[] = {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" hex_length)
  math(EXPR bytes "${hex_length} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
  # 256 bytes a line keeps editors and the compiler happy.
  string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f]))" "\\1\"\n     \"" escaped "${escaped}")
  string(APPEND text "    {\"${name}\", std::string_view(\"${escaped}\", ${bytes})},\n")
endforeach()
string(APPEND text "};\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUT} "${text}")
