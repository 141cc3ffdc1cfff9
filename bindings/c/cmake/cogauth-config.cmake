# find_package(cogauth) gives the targets cogauth::cogauth (shared) and cogauth::cogauth-static.
#
# It finds the files beside itself, so that the whole installation can be moved.

get_filename_component(_cogauth_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(_cogauth_suffixes lib lib64 "lib/${CMAKE_LIBRARY_ARCHITECTURE}" bin)

find_path(cogauth_INCLUDE_DIR cogauth.h
  PATHS "${_cogauth_prefix}" PATH_SUFFIXES include NO_DEFAULT_PATH)
find_library(cogauth_LIBRARY NAMES cogauth
  PATHS "${_cogauth_prefix}" PATH_SUFFIXES ${_cogauth_suffixes} NO_DEFAULT_PATH)
find_library(cogauth_STATIC_LIBRARY
  NAMES "${CMAKE_STATIC_LIBRARY_PREFIX}cogauth${CMAKE_STATIC_LIBRARY_SUFFIX}"
  PATHS "${_cogauth_prefix}" PATH_SUFFIXES ${_cogauth_suffixes} NO_DEFAULT_PATH)
mark_as_advanced(cogauth_INCLUDE_DIR cogauth_LIBRARY cogauth_STATIC_LIBRARY)

if(NOT cogauth_INCLUDE_DIR OR NOT (cogauth_LIBRARY OR cogauth_STATIC_LIBRARY))
  set(cogauth_FOUND FALSE)
  set(cogauth_NOT_FOUND_MESSAGE "cogauth.h or the library is not below ${_cogauth_prefix}")
  return()
endif()

# UNKNOWN and not SHARED: the linker reads the name of the shared library from the file itself.
if(cogauth_LIBRARY AND NOT TARGET cogauth::cogauth)
  add_library(cogauth::cogauth UNKNOWN IMPORTED)
  set_target_properties(cogauth::cogauth PROPERTIES
    IMPORTED_LOCATION "${cogauth_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${cogauth_INCLUDE_DIR}")
endif()

# What the standard library of Rust needs of the platform's.
if(cogauth_STATIC_LIBRARY AND NOT TARGET cogauth::cogauth-static)
  add_library(cogauth::cogauth-static STATIC IMPORTED)
  set_target_properties(cogauth::cogauth-static PROPERTIES
    IMPORTED_LOCATION "${cogauth_STATIC_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${cogauth_INCLUDE_DIR}")
  if(UNIX AND NOT APPLE)
    find_package(Threads REQUIRED)
    set_property(TARGET cogauth::cogauth-static PROPERTY
      INTERFACE_LINK_LIBRARIES Threads::Threads ${CMAKE_DL_LIBS} m gcc_s)
  elseif(WIN32)
    set_property(TARGET cogauth::cogauth-static PROPERTY
      INTERFACE_LINK_LIBRARIES ws2_32 userenv ntdll)
  endif()
endif()
