#!/usr/bin/env bash
# Installs a release of reportform for this runner, once a job, and puts it on the PATH of the steps that follow.
# Reads VERSION and RELEASES; RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP and GITHUB_PATH are the runner's.
set -euo pipefail

stop() { printf '::error title=reportform::%s\n' "$1"; exit 1; }

# A version becomes a part of paths and addresses.
[[ $VERSION == latest || $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
  stop "version is the name of a release, such as v1.4.0, or latest"

case $RUNNER_OS in
  Linux) os=linux ;;
  macOS) os=darwin ;;
  Windows) os=windows ;;
  *) stop "there is no release for $RUNNER_OS" ;;
esac
case $RUNNER_ARCH in
  X64) arch=amd64 ;;
  ARM64) arch=arm64 ;;
  *) stop "there is no release for $RUNNER_ARCH" ;;
esac
archive=reportform_${os}_$arch.tar.gz program=reportform
if [[ $os == windows ]]; then
  archive=reportform_${os}_$arch.zip program=reportform.exe
fi

folder=$RUNNER_TEMP/reportform-$VERSION
if [[ ! -x $folder/$program ]]; then
  from=$RELEASES/download/$VERSION
  [[ $VERSION != latest ]] || from=$RELEASES/latest/download
  draft=$(mktemp -d "$RUNNER_TEMP/download-XXXXXX")
  cd "$draft"
  curl -fsSL --proto-redir '=https' --retry 3 --remote-name-all "$from/$archive" "$from/checksums.txt" ||
    stop "$from/$archive cannot be downloaded"
  grep " $archive\$" checksums.txt >expected.txt || stop "checksums.txt has no $archive"
  if command -v sha256sum >/dev/null; then
    sha256sum --check --strict expected.txt || stop "$archive is not what its release says"
  else
    shasum --algorithm 256 --check --strict expected.txt || stop "$archive is not what its release says"
  fi
  if [[ $os == windows ]]; then
    unzip -q "$archive" "$program"
  else
    tar -xzf "$archive" "$program"
  fi
  rm "$archive" checksums.txt expected.txt
  mv "$draft" "$folder"
fi
printf '%s\n' "$folder" >>"$GITHUB_PATH"
"$folder/$program" version
