/* SPDX-License-Identifier: MIT */
/* Stands in for libvirt's: packages.toml has what is used of it. */
#pragma once
