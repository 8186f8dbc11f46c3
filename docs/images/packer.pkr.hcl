# One source for the images of both clouds: an AMI for the primary, and a version of the image in the standby's gallery.
#
#   packer init docs/images && packer build -var workload=shop -var gallery=shop -var version=2026.1130.1 docs/images

packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
    azure = {
      source  = "github.com/hashicorp/azure"
      version = "~> 2.3"
    }
  }
}

variable "workload" {
  type        = string
  description = "Short name of the workload; the tag by which its images are known."
}

variable "version" {
  type        = string
  description = "Version in the gallery: three whole numbers with points between them, higher than the last."
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "location" {
  type    = string
  default = "germanywestcentral"
}

variable "subscription" {
  type        = string
  description = "Id of the standby's subscription."
}

variable "gallery" {
  type        = string
  description = "Name of the standby's gallery: the workload's, with underscores for hyphens."
}

variable "image" {
  type        = string
  description = "Name of an image definition in the gallery that is generalised and of generation V2."
}

source "amazon-ebs" "primary" {
  region        = var.region
  instance_type = "t3.small"
  ssh_username  = "ubuntu"
  ami_name      = "${var.workload}-${var.version}"

  source_ami_filter {
    owners      = ["099720109477"]
    most_recent = true
    filters = {
      name                = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"
      virtualization-type = "hvm"
    }
  }

  # Not the tag Workload: what is built here for both clouds does not have to follow.
  tags = {
    Name = "${var.workload}-${var.version}"
  }
}

source "azure-arm" "standby" {
  use_azure_cli_auth = true
  subscription_id    = var.subscription
  location           = var.location
  vm_size            = "Standard_D2s_v5"
  os_type            = "Linux"

  image_publisher = "Canonical"
  image_offer     = "ubuntu-24_04-lts"
  image_sku       = "server"

  shared_image_gallery_destination {
    subscription   = var.subscription
    resource_group = "${var.workload}-standby"
    gallery_name   = var.gallery
    image_name     = var.image
    image_version  = var.version
  }
}

build {
  sources = ["source.amazon-ebs.primary", "source.azure-arm.standby"]

  # What makes a server of it: your app, its unit, and nothing that is of one cloud alone.
  provisioner "file" {
    source      = "app"
    destination = "/tmp/app"
  }

  provisioner "shell" {
    inline = [
      "sudo install -d /opt/app",
      "sudo cp -r /tmp/app/. /opt/app/",
      "sudo install -m 0644 /opt/app/app.service /etc/systemd/system/app.service",
      "sudo systemctl enable app.service",
    ]
  }

  # Azure takes a generalised image only from a server that has forgotten who it was.
  provisioner "shell" {
    only   = ["azure-arm.standby"]
    inline = ["sudo waagent -force -deprovision+user && sync"]
  }
}
